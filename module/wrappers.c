// SPDX-License-Identifier: GPL-2.0
/* Functions that stand in for hooked ones. */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/static_call.h>
#include <linux/uprobes.h>

#include "compat/symbols.h"
#include "guards.h"
#include "madvise.h"
#include "mm.h"
#include "mremap.h"
#include "policy.h"
#include "wrappers.h"

/* Direct calls: indirect ones may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(dup_original, uprobe_dup_mmap);
DEFINE_STATIC_CALL_NULL(madvise_original, do_madvise);
DEFINE_STATIC_CALL_NULL(mremap_original, mseal_wrap_mremap);
#ifdef MSEAL_MREMAP_COMPAT
DEFINE_STATIC_CALL_NULL(mremap_compat_original, mseal_wrap_mremap);
#endif

void mseal_bind_fork(unsigned long addr)
{
	static_call_update(dup_original, (typeof(&uprobe_dup_mmap))addr);
}

void mseal_wrap_fork(struct mm_struct *oldmm, struct mm_struct *mm)
{
	mseal_mm_fork(oldmm, mm);
	static_call(dup_original)(oldmm, mm);
}

void mseal_bind_mremap(unsigned long addr)
{
	static_call_update(mremap_original, (typeof(&mseal_wrap_mremap))addr);
}

/*
 * Several ways to be refused end at no hooked function, or with another error.
 * The checks under the lock for writing stay, and decide.
 */
static int check_mremap(struct mseal_guard *guard)
{
	unsigned long args[6];
	int err;

	mseal_syscall_args(args);
	if (mmap_read_lock_killable(current->mm))
		return -EINTR;
	err = mseal_mremap_refuses(current->mm, args);
	mmap_read_unlock(current->mm);
	if (err == -EPERM)
		mseal_count_refusal(guard);
	return err;
}

long mseal_wrap_mremap(const struct pt_regs *regs)
{
	long ret = check_mremap(&mseal_guards[MSEAL_GUARD_MREMAP]);

	if (!ret)
		ret = static_call(mremap_original)(regs);
	/* No tail call: the hook knows the original's caller by its address. */
	barrier();
	return ret;
}

#ifdef MSEAL_MREMAP_COMPAT
void mseal_bind_mremap_compat(unsigned long addr)
{
	static_call_update(mremap_compat_original,
			   (typeof(&mseal_wrap_mremap))addr);
}

long mseal_wrap_mremap_compat(const struct pt_regs *regs)
{
	long ret = check_mremap(&mseal_guards[MSEAL_GUARD_MREMAP_COMPAT]);

	if (!ret)
		ret = static_call(mremap_compat_original)(regs);
	barrier();
	return ret;
}
#endif

/* Text of do_madvise(), from which find_vma_prev() is called. */
static unsigned long madvise_start, madvise_size;

void mseal_bind_madvise(unsigned long addr)
{
	static_call_update(madvise_original, (typeof(&do_madvise))addr);
	madvise_start = addr;
	madvise_size = mseal_symbol_size(addr);
}

bool mseal_called_by_madvise(unsigned long ip)
{
	return ip - madvise_start < madvise_size;
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
