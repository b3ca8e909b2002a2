/* SPDX-License-Identifier: GPL-2.0 */
/* How an address space keeps its mappings. */
#ifndef _MSEAL_COMPAT_VMA_H
#define _MSEAL_COMPAT_VMA_H

#include <linux/mm.h>

/**
 * mseal_for_each_vma() - mappings of an address space, in ascending order
 * @vma: each of them
 * @mm: the address space; the caller holds its mmap_lock
 * @addr: from the first that ends behind this address on
 *
 * Since 6.1 they are in a maple tree, before they are a list, too.  Remove the
 * list with 5.10.
 */
#ifdef MSEAL_HAVE_VMA_ITERATOR
#define mseal_for_each_vma(vma, mm, addr)				\
	for (struct vma_iterator _vmi = __mseal_vmas_from(mm, addr);	\
	     ((vma) = vma_next(&_vmi)) != NULL;)

static inline struct vma_iterator __mseal_vmas_from(struct mm_struct *mm,
						    unsigned long addr)
{
	VMA_ITERATOR(vmi, mm, addr);

	return vmi;
}
#else
#define mseal_for_each_vma(vma, mm, addr)				\
	for ((vma) = find_vma(mm, addr); (vma); (vma) = (vma)->vm_next)
#endif

#endif /* _MSEAL_COMPAT_VMA_H */
