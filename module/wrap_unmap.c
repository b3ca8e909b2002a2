// SPDX-License-Identifier: GPL-2.0
/*
 * Functions that stand in for hooked ones: what unmaps.  What may be unmapped
 * loses its seals with its memory.  They go before, since afterwards the lock may
 * be gone; and they come back if the memory stays.
 */
#include <linux/mm.h>
#include <linux/static_call.h>

#include "mm.h"
#include "seal.h"
#include "sealset.h"
#include "wrappers.h"

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(unmap_original, mseal_wrap_unmap);

void mseal_bind_unmap(unsigned long addr)
{
	static_call_update(unmap_original, (typeof(&mseal_wrap_unmap))addr);
}

static int begin(struct mm_struct *mm, unsigned long start, unsigned long end,
		 struct seal_chain *taken)
{
	return mseal_mm_trim(mm, start, end, READ_ONCE(mseal_max_ranges), taken);
}

/* Only if nothing was unmapped is the lock sure to be held as before. */
static int finish(struct mm_struct *mm, int ret, struct seal_chain *taken)
{
	if (ret < 0)
		mseal_mm_restore(mm, taken);
	else
		sealset_forget(taken);
	return ret;
}

#ifdef MSEAL_UNMAP_BY_LEN
int mseal_wrap_unmap(struct mm_struct *mm, unsigned long start, size_t len,
		     struct list_head *uf, bool unlock)
{
	struct seal_chain taken = {};
	int err = begin(mm, start, start + PAGE_ALIGN(len), &taken);

	if (err)
		return err;
	return finish(mm, static_call(unmap_original)(mm, start, len, uf, unlock),
		      &taken);
}
#else
int mseal_wrap_unmap(void *state, struct vm_area_struct *vma,
		     struct mm_struct *mm, unsigned long start,
		     unsigned long end, struct list_head *uf, bool unlock)
{
	struct seal_chain taken = {};
	int err = begin(mm, start, end, &taken);

	if (err)
		return err;
	return finish(mm, static_call(unmap_original)(state, vma, mm, start, end,
						      uf, unlock), &taken);
}
#endif
