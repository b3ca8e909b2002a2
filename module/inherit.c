// SPDX-License-Identifier: GPL-2.0
/* What a child gets of its parent's seals. */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat/vma.h"
#include "inherit.h"
#include "seal.h"
#include "sealset.h"

/*
 * Whom the kernel kills meanwhile, for want of memory perhaps, shouldn't go on
 * asking for more.
 */
static struct sealset *clone_unless_killed(const struct sealset *set)
{
	struct sealset *own = sealset_clone(set, GFP_KERNEL_ACCOUNT);

	while (!own && !fatal_signal_pending(current))
		own = sealset_clone(set, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	return own;
}

/*
 * What a child lacks may leave two ranges of one, and its own child may lack
 * something else: from one generation to the next there would be more, though
 * nobody may seal so many.  The only way for such a fork to fail is to kill who
 * asks for it.
 */
static bool bounded(const struct sealset *own, const struct sealset *set)
{
	unsigned long most = mseal_most_inherited();

	if (own->nr <= most || own->nr <= set->nr || is_global_init(current))
		return true;
	pr_notice_ratelimited("pid=%d killed: its child would have more than %lu sealed ranges\n",
			      task_tgid_nr(current), most);
	send_sig(SIGKILL, current, 1);
	return false;
}

/* Returns whether the fork goes on; *own comes to be where it is needed first. */
static bool hold_back(struct sealset **own, const struct sealset *set,
		      const struct vm_area_struct *vma)
{
	unsigned long last = vma->vm_end - 1;

	if (!(vma->vm_flags & VM_DONTCOPY) ||
	    !sealset_hit(set, vma->vm_start, last, ~0ULL))
		return true;
	if (!*own)
		*own = clone_unless_killed(set);
	if (!*own)
		return false;
	sealset_cut(*own, vma->vm_start, last);
	return bounded(*own, set);
}

struct sealset *mseal_inherit(struct mm_struct *oldmm, struct sealset *set)
{
	struct sealset *own = NULL;
	struct vm_area_struct *vma;

	mmap_assert_write_locked(oldmm);
	mseal_for_each_vma(vma, oldmm, 0) {
		if (!hold_back(&own, set, vma))
			goto killed;
		cond_resched();
	}
	return own ?: sealset_get(set);

killed:
	if (own)
		sealset_put(own);
	return sealset_get(set);
}
