/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_POLICY_H
#define _MSEAL_POLICY_H

#include <linux/limits.h>
#include <linux/types.h>

struct mm_struct;
struct vm_area_struct;

/* The end of a range whose length nobody has checked yet; it doesn't wrap. */
static __always_inline unsigned long mseal_end(unsigned long start,
					       unsigned long len)
{
	return len > ULONG_MAX - start ? ULONG_MAX : start + len;
}

/*
 * May an operation touch [start, end) of an address space?  One function for
 * each operation; true means: refuse it.  The caller holds the mmap_lock under
 * which the operation goes on.  Safe in an ftrace handler.
 */
bool mseal_refuses_unmap(struct mm_struct *mm, unsigned long start,
			 unsigned long end);
bool mseal_refuses_map_over(struct mm_struct *mm, unsigned long start,
			    unsigned long end);

/* To set the protection, to whatever; to set it so that the flags come out as given. */
bool mseal_refuses_protect(struct mm_struct *mm, unsigned long start,
			   unsigned long end);
bool mseal_refuses_flags(struct vm_area_struct *vma, unsigned long start,
			 unsigned long end, unsigned long flags);

/* mremap(): to begin there at all; to grow, move or duplicate what is there. */
bool mseal_refuses_remap(struct mm_struct *mm, unsigned long start,
			 unsigned long end);
bool mseal_refuses_move(struct mm_struct *mm, unsigned long start,
			unsigned long end);

/*
 * madvise(): to discard the range; to drop pages in it, where nothing tells
 * whether madvise() does that, but private anonymous memory is left alone by
 * everybody else.
 */
bool mseal_refuses_discard(struct mm_struct *mm, unsigned long start,
			   unsigned long end);
bool mseal_refuses_drop(struct mm_struct *mm, unsigned long start,
			unsigned long end);

/**
 * mseal_discards() - does this advice throw content away, now or at a fork?
 * @behavior: MADV_*
 */
bool mseal_discards(int behavior);

#endif /* _MSEAL_POLICY_H */
