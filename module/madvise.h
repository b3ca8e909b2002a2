/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MADVISE_H
#define _MSEAL_MADVISE_H

#include <linux/list.h>
#include <linux/types.h>

struct mm_struct;
struct task_struct;

/**
 * struct mseal_advice - a note of an madvise() that is under way
 * @node: in the list of the address space acted on; its advice_lock
 * @task: who is at it
 * @start: first byte
 * @end: first byte behind the range
 * @behavior: MADV_*
 * @denied: set by the check under mmap_lock, by @task itself
 */
struct mseal_advice {
	struct list_head node;
	struct task_struct *task;
	unsigned long start;
	unsigned long end;
	int behavior;
	bool denied;
};

/* What is to become of a walk over the mappings that madvise() begins. */
enum mseal_verdict {
	MSEAL_PASS,
	MSEAL_DENY,		/* whoever called will answer EPERM */
	MSEAL_DENY_UNSEEN,	/* the call began before there were seals */
};

/**
 * mseal_madvise_verdict() - judge the running task's madvise()
 * @mm: address space acted on, its mmap_lock held
 * @start: where the walk begins
 *
 * Safe in an ftrace handler.
 */
enum mseal_verdict mseal_madvise_verdict(struct mm_struct *mm,
					 unsigned long start);

/**
 * mseal_madvise_fix_error() - let the running madvise() answer EPERM
 *
 * For a call that nobody wraps: its ENOMEM becomes EPERM on the way out.
 */
void mseal_madvise_fix_error(void);

/**
 * mseal_madvise_splits() - must this discard be handed on mapping by mapping?
 * @mm: address space acted on, its mmap_lock held
 * @start: first byte, page aligned
 * @end: first byte behind the range
 *
 * Telling a userfaultfd of a discard drops the lock, and with it the check of
 * the mappings that follow.
 */
bool mseal_madvise_splits(struct mm_struct *mm, unsigned long start,
			  unsigned long end);

#endif /* _MSEAL_MADVISE_H */
