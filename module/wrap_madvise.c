// SPDX-License-Identifier: GPL-2.0
/* Functions that stand in for hooked ones: madvise(). */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/static_call.h>

#include "compat/symbols.h"
#include "guards.h"
#include "madvise.h"
#include "mm.h"
#include "policy.h"
#include "wrappers.h"

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(madvise_original, do_madvise);

/* Text from which madvise() calls find_vma_prev(). */
static struct text {
	unsigned long start;
	unsigned long size;
} whole, part;

static bool inside(const struct text *text, unsigned long ip)
{
	return ip - text->start < text->size;
}

bool mseal_called_by_madvise(unsigned long ip)
{
	return inside(&whole, ip) || inside(&part, ip);
}

void mseal_bind_madvise(unsigned long addr, unsigned long with)
{
	static_call_update(madvise_original, (typeof(&do_madvise))addr);
	whole.start = addr;
	whole.size = mseal_symbol_size(addr);
}

void mseal_bind_sys_madvise(unsigned long addr, unsigned long with)
{
	part.start = with;
	part.size = mseal_symbol_size(with);
}

static int advise(struct mm_struct *mm, unsigned long start, size_t len,
		  int behavior)
{
	struct mseal_advice advice = {
		.task = current,
		.start = start,
		.end = start + PAGE_ALIGN(len),
		.behavior = behavior,
	};
	int err;

	mseal_advice_begin(mm, &advice);
	err = static_call(madvise_original)(mm, start, len, behavior);
	mseal_advice_end(mm, &advice);
	return advice.denied ? -EPERM : err;
}

/* Cuts [*start, end) down to its first mapping; 0 if nothing is mapped there. */
static size_t first_mapped(struct mm_struct *mm, unsigned long *start,
			   unsigned long end)
{
	struct vm_area_struct *vma;
	size_t len = 0;

	mmap_read_lock(mm);
	vma = find_vma(mm, *start);
	if (vma && vma->vm_start < end) {
		*start = max(*start, vma->vm_start);
		len = min(end, vma->vm_end) - *start;
	}
	mmap_read_unlock(mm);
	return len;
}

/* As the whole call does: holes don't stop it, but it ends with ENOMEM. */
static int advise_in_pieces(struct mm_struct *mm, unsigned long start,
			    unsigned long end, int behavior)
{
	int err, hole = 0;

	while (start < end) {
		unsigned long piece = start;
		size_t len = first_mapped(mm, &piece, end);

		if (!len || piece > start)
			hole = -ENOMEM;
		if (!len)
			break;
		err = advise(mm, piece, len, behavior);
		if (err && err != -ENOMEM)
			return err;
		hole = err ?: hole;
		start = piece + len;
	}
	return hole;
}

/* The first look judges all of it, so that a refusal changes nothing. */
static int advise_split(struct mm_struct *mm, unsigned long start, size_t len,
			int behavior)
{
	unsigned long end = start + PAGE_ALIGN(len);
	bool split, refused = false;

	mmap_read_lock(mm);
	split = mseal_madvise_splits(mm, start, end);
	if (split)
		refused = mseal_refuses_discard(mm, start, end);
	mmap_read_unlock(mm);

	if (refused) {
		mseal_count_refusal(&mseal_guards[MSEAL_GUARD_WALK]);
		return -EPERM;
	}
	return split ? advise_in_pieces(mm, start, end, behavior) :
		       advise(mm, start, len, behavior);
}

int mseal_wrap_madvise(struct mm_struct *mm, unsigned long start, size_t len,
		       int behavior)
{
	unsigned long end;

	start = untagged_addr(start);
	end = start + PAGE_ALIGN(len);
	/* What the call doesn't accept it shall say itself. */
	if (!mseal_discards(behavior) || !PAGE_ALIGNED(start) || end <= start)
		return advise(mm, start, len, behavior);
	return advise_split(mm, start, len, behavior);
}

/* The call is no more than this. */
long mseal_wrap_sys_madvise(const struct pt_regs *regs)
{
	unsigned long args[6];

	mseal_syscall_args(args);
	return mseal_wrap_madvise(current->mm, args[0], args[1], args[2]);
}

struct vm_area_struct *mseal_no_vma(struct mm_struct *mm, unsigned long addr,
				    struct vm_area_struct **pprev)
{
	*pprev = NULL;
	return NULL;
}

struct vm_area_struct *mseal_no_vma_unseen(struct mm_struct *mm,
					   unsigned long addr,
					   struct vm_area_struct **pprev)
{
	mseal_madvise_fix_error();
	return mseal_no_vma(mm, addr, pprev);
}
