/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MADVISE_H
#define _MSEAL_MADVISE_H

#include <linux/types.h>

struct mm_struct;

/* What is to become of a step of the running task's madvise(). */
enum mseal_verdict {
	MSEAL_PASS,
	MSEAL_DENY,		/* the wrapper will answer EPERM */
	MSEAL_DENY_UNSEEN,	/* nobody wraps the call: it began before the seal */
};

/**
 * mseal_judge_walk() - judge an madvise() where it begins to walk
 * @mm: address space acted on, its mmap_lock held
 * @start: where the walk begins
 * @by_madvise: the walk is known to be that of madvise()
 *
 * Safe in an ftrace handler, as the next two.
 */
enum mseal_verdict mseal_judge_walk(struct mm_struct *mm, unsigned long start,
				    bool by_madvise);

/**
 * mseal_judge_zap() - judge the moment at which pages are to be dropped
 * @mm: address space acted on, its mmap_lock held
 * @start: first byte
 * @end: first byte behind the range
 * @by_madvise: madvise() is known to drop them
 *
 * The lock may have been dropped since the walk began.
 */
enum mseal_verdict mseal_judge_zap(struct mm_struct *mm, unsigned long start,
				   unsigned long end, bool by_madvise);

/**
 * mseal_judge_free() - judge the moment at which pages are to be marked free
 * @mm: address space acted on, its mmap_lock held
 * @start: first byte
 * @end: first byte behind the range
 * @by_madvise: the walk over the page tables is known to be that of madvise()
 */
enum mseal_verdict mseal_judge_free(struct mm_struct *mm, unsigned long start,
				    unsigned long end, bool by_madvise);

/**
 * mseal_madvise_fix_error() - let the running madvise() answer EPERM
 *
 * For a call that nobody wraps: whatever it answers is replaced on the way out.
 */
void mseal_madvise_fix_error(void);

#endif /* _MSEAL_MADVISE_H */
