/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MREMAP_H
#define _MSEAL_MREMAP_H

#include <linux/sched.h>
#include <linux/types.h>

#include "compat/compat.h"
#include "policy.h"

struct pt_regs;

/* What seals say to an mremap(), and of which part of it. */
struct mseal_remapped {
	enum mseal_answer answer;
	struct mseal_mm_range range;	/* unless it just passes */
};

/**
 * mseal_judge_mremap() - do seals refuse the running mremap()?
 * @mm: the caller's address space, its mmap_lock held
 * @what: filled in
 *
 * Return: 0 to go on, or -EPERM or -EFAULT.
 */
int mseal_judge_mremap(struct mm_struct *mm, struct mseal_remapped *what);

/* The same, for what is part of one. */
bool mseal_mremap_judged(struct mm_struct *mm, struct mseal_mm_range *range);

/**
 * mseal_mremap_stops() - would this unmap be part of an mremap() that is refused?
 * @mm: address space of the unmap, its mmap_lock held for writing
 * @range: set to what the mremap() is refused for
 *
 * mremap() to a fixed address unmaps what is there before it looks at the source,
 * and one that shrinks does nothing else.  Safe in an ftrace handler.
 */
static inline bool mseal_mremap_stops(struct mm_struct *mm,
				      struct mseal_mm_range *range)
{
	return mm == current->mm && mseal_in_syscall(mremap) &&
	       mseal_mremap_judged(mm, range);
}

#endif /* _MSEAL_MREMAP_H */
