/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_MREMAP_H
#define _MSEAL_MREMAP_H

#include <linux/types.h>

struct mm_struct;
struct pt_regs;

/**
 * mseal_mremap_refuses() - do seals refuse this mremap()?
 * @mm: the caller's address space, its mmap_lock held
 * @args: the five arguments of the call
 *
 * Return: 0 to go on, or -EPERM or -EFAULT.
 */
int mseal_mremap_refuses(struct mm_struct *mm, const unsigned long args[6]);

/**
 * mseal_mremap_stops() - would this unmap be part of an mremap() that is refused?
 * @mm: address space of the unmap, its mmap_lock held for writing
 *
 * mremap() to a fixed address unmaps what is there before it looks at the source,
 * and one that shrinks does nothing else.  Safe in an ftrace handler.
 */
bool mseal_mremap_stops(struct mm_struct *mm);

#endif /* _MSEAL_MREMAP_H */
