/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MADVISE_H
#define _MSEAL_MADVISE_H

#include <linux/types.h>

#include "policy.h"

/* What is to become of a step of the running task's madvise(). */
enum mseal_verdict {
	MSEAL_PASS,
	MSEAL_DENY,		/* the wrapper will answer EPERM */
	MSEAL_DENY_AGAIN,	/* and it knows already */
	MSEAL_DENY_UNSEEN,	/* nobody wraps the call: it began before the seal */
};

/**
 * mseal_judge_walk() - judge an madvise() where it begins to walk
 * @range: where in which address space, its mmap_lock held; the end is filled in
 *	   if it is known
 * @caller: where it is called
 *
 * Safe in an ftrace handler, as the next two.
 */
enum mseal_verdict mseal_judge_walk(struct mseal_mm_range *range,
				    unsigned long caller);

/**
 * mseal_judge_zap() - judge the moment at which pages are to be dropped
 * @vma: of this mapping, which stays
 * @range: in this part; the mmap_lock is held if it is private anonymous memory
 * @caller: where they are dropped
 *
 * The lock may have been dropped since the walk began.
 */
enum mseal_verdict mseal_judge_zap(struct vm_area_struct *vma,
				   const struct mseal_mm_range *range,
				   unsigned long caller);

/**
 * mseal_judge_free() - judge the moment at which pages are to be marked free
 * @range: in this part of an address space, its mmap_lock held
 * @caller: where the page tables are walked
 */
enum mseal_verdict mseal_judge_free(const struct mseal_mm_range *range,
				    unsigned long caller);

/**
 * mseal_madvise_fix_error() - let the running madvise() answer EPERM
 *
 * For a call that nobody wraps: whatever it answers is replaced on the way out.
 */
void mseal_madvise_fix_error(void);

#endif /* _MSEAL_MADVISE_H */
