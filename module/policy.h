/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_POLICY_H
#define _MSEAL_POLICY_H

#include <linux/limits.h>
#include <linux/types.h>

#include "sealset.h"

struct mm_struct;
struct vm_area_struct;

/* The end of a range whose length nobody has checked yet; it doesn't wrap. */
static __always_inline unsigned long mseal_end(unsigned long start,
					       unsigned long len)
{
	return len > ULONG_MAX - start ? ULONG_MAX : start + len;
}

/* A part of an address space, whatever is mapped there. */
struct mseal_mm_range {
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
};

/*
 * What do seals say to an operation on [start, end) of an address space?  One
 * function for each operation.  The caller holds the mmap_lock under which the
 * operation goes on.  Safe in an ftrace handler.
 *
 * An unmap that passes may still have to take seals with it: @sealed tells.
 */
enum mseal_answer mseal_ask_unmap(struct mm_struct *mm, unsigned long start,
				  unsigned long end, bool *sealed);
enum mseal_answer mseal_ask_map_over(struct mm_struct *mm, unsigned long start,
				     unsigned long end);

/* To set the protection, so that the flags come out as given. */
enum mseal_answer mseal_ask_flags(struct vm_area_struct *vma,
				  unsigned long start, unsigned long end,
				  unsigned long flags);

/*
 * mremap(): to begin there at all; to cut off what is there; to grow, move or
 * duplicate it.  What isn't @sealed can't be refused in the other ways either.
 */
enum mseal_answer mseal_ask_remap(struct mm_struct *mm, unsigned long start,
				  unsigned long end, bool *sealed);
enum mseal_answer mseal_ask_shrink(struct mm_struct *mm, unsigned long start,
				   unsigned long end);
enum mseal_answer mseal_ask_move(struct mm_struct *mm, unsigned long start,
				 unsigned long end);

/*
 * madvise(): to discard the range; to drop pages in it, where nothing tells
 * whether madvise() does that, but private anonymous memory is left alone by
 * everybody else.
 */
enum mseal_answer mseal_ask_discard(struct mm_struct *mm, unsigned long start,
				    unsigned long end);
enum mseal_answer mseal_ask_drop(struct mm_struct *mm, unsigned long start,
				 unsigned long end);

/* Needs no mmap_lock, only that the VMA stays. */
bool mseal_private_anon(struct vm_area_struct *vma);

/**
 * mseal_discards() - does this advice throw content away, now or at a fork?
 * @behavior: MADV_*
 */
bool mseal_discards(int behavior);

#endif /* _MSEAL_POLICY_H */
