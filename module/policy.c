// SPDX-License-Identifier: GPL-2.0
/* Which seal type forbids which operation. */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mseal_dev.h>
#include <asm/mmu_context.h>

#include "compat/mman.h"
#include "mm.h"
#include "policy.h"

/* Types that refuse anything by themselves. */
#define REFUSING							\
	(MSEAL_T_FREEZE | MSEAL_T_PROTECT | MSEAL_T_UPGRADE |		\
	 MSEAL_T_UNMAP | MSEAL_T_OVER | MSEAL_T_REMAP |			\
	 MSEAL_T_DISCARD | MSEAL_T_DISCARD_ALL)

#define ACCESS	(VM_READ | VM_WRITE | VM_EXEC)

/* Beside the answer: is anything sealed there at all? */
static enum mseal_answer ask_sealed(struct mm_struct *mm, unsigned long start,
				    unsigned long end, u64 types, bool *sealed)
{
	u64 found = mseal_mm_look(mm, start, end, types);

	*sealed = found;
	return mseal_answer_of(found, types);
}

enum mseal_answer mseal_ask_unmap(struct mm_struct *mm, unsigned long start,
				  unsigned long end, bool *sealed)
{
	return ask_sealed(mm, start, end, MSEAL_T_UNMAP, sealed);
}

enum mseal_answer mseal_ask_map_over(struct mm_struct *mm, unsigned long start,
				     unsigned long end)
{
	return mseal_mm_ask(mm, start, end, MSEAL_T_UNMAP | MSEAL_T_OVER);
}

static bool only_falls(unsigned long old, unsigned long new)
{
	return !(new & ~old & ACCESS) && !((new ^ old) & ~ACCESS);
}

enum mseal_answer mseal_ask_flags(struct vm_area_struct *vma,
				  unsigned long start, unsigned long end,
				  unsigned long flags)
{
	u64 types = MSEAL_T_PROTECT;

	if (!only_falls(vma->vm_flags, flags))
		types |= MSEAL_T_UPGRADE;
	return mseal_mm_ask(vma->vm_mm, start, end, types);
}

enum mseal_answer mseal_ask_remap(struct mm_struct *mm, unsigned long start,
				  unsigned long end, bool *sealed)
{
	return ask_sealed(mm, start, end, MSEAL_T_REMAP, sealed);
}

enum mseal_answer mseal_ask_shrink(struct mm_struct *mm, unsigned long start,
				   unsigned long end)
{
	return mseal_mm_ask(mm, start, end, MSEAL_T_REMAP | MSEAL_T_UNMAP);
}

/* Or the seal would stay behind, on addresses where something else may come. */
enum mseal_answer mseal_ask_move(struct mm_struct *mm, unsigned long start,
				 unsigned long end)
{
	return mseal_mm_ask(mm, start, end, REFUSING);
}

bool mseal_discards(int behavior)
{
	switch (behavior) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_REMOVE:
	case MADV_DONTFORK:
	case MADV_WIPEONFORK:
		return true;
	}
	return false;
}

bool mseal_private_anon(struct vm_area_struct *vma)
{
	return vma_is_anonymous(vma) && !(vma->vm_flags & VM_SHARED);
}

/*
 * Discarding anonymous memory writes zeros to it.  Who may write there anyway
 * may do so; a protection key counts as it stands for this thread.
 */
static bool discard_writes(struct vm_area_struct *vma)
{
	if (!mseal_private_anon(vma))
		return false;
	return !(vma->vm_flags & VM_WRITE) ||
	       !arch_vma_access_permitted(vma, true, false, false);
}

enum mseal_answer mseal_ask_drop(struct mm_struct *mm, unsigned long start,
				 unsigned long end)
{
	const u64 types = MSEAL_T_DISCARD | MSEAL_T_DISCARD_ALL;
	enum mseal_answer answer = MSEAL_PASSES;
	struct vm_area_struct *vma;
	unsigned long addr;

	if (mseal_mm_ask(mm, start, end, types) == MSEAL_PASSES)
		return MSEAL_PASSES;
	for (addr = start; addr < end; addr = vma->vm_end) {
		vma = find_vma(mm, addr);
		if (!vma)
			break;
		if (discard_writes(vma))
			answer = max(answer,
				     mseal_mm_ask(mm, max(start, vma->vm_start),
						  min(end, vma->vm_end), types));
	}
	return answer;
}

enum mseal_answer mseal_ask_discard(struct mm_struct *mm, unsigned long start,
				    unsigned long end)
{
	enum mseal_answer answer;

	if (!mseal_mm_look(mm, start, end, MSEAL_T_DISCARD_ALL))
		return MSEAL_PASSES;
	answer = mseal_mm_ask(mm, start, end, MSEAL_T_DISCARD_ALL);
	return answer == MSEAL_REFUSES ?
	       answer : max(answer, mseal_ask_drop(mm, start, end));
}
