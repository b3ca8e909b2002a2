// SPDX-License-Identifier: GPL-2.0
/* What a child gets of its parent's seals. */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat/vma.h"
#include "inherit.h"
#include "seal.h"
#include "sealset.h"

/* The usual way first, which has the kernel look for a victim: maybe the caller. */
static struct sealset *copy_of(const struct sealset *set)
{
	struct sealset *own = sealset_clone(set, GFP_KERNEL_ACCOUNT);

	while (!own && !fatal_signal_pending(current))
		own = sealset_clone(set, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	return own;
}

/* What the child doesn't get; *own comes to be where it is needed first. */
static void hold_back(struct sealset **own, const struct sealset *set,
		      const struct vm_area_struct *vma)
{
	unsigned long last = vma->vm_end - 1;

	if (!(vma->vm_flags & VM_DONTCOPY) ||
	    !sealset_hit(set, vma->vm_start, last, ~0ULL))
		return;
	if (!*own)
		*own = copy_of(set);
	if (*own)
		sealset_cut(*own, vma->vm_start, last);
}

/*
 * What a child lacks may leave two ranges of one, and its own child may lack
 * something else: from one generation to the next there would be more, though
 * nobody may seal so many.  The only way for such a fork to fail is to kill who
 * asks for it; with the parameter below its default nobody is.
 */
static void limit(const struct sealset *own, const struct sealset *set)
{
	unsigned long most = 2UL * max(READ_ONCE(mseal_max_ranges),
				       MSEAL_USUAL_RANGES);

	if (own->nr <= most || own->nr <= set->nr || is_global_init(current))
		return;
	pr_notice_ratelimited("pid=%d killed: its child would have %u sealed ranges, more than %lu\n",
			      task_tgid_nr(current), own->nr, most);
	send_sig(SIGKILL, current, 1);
}

struct sealset *mseal_inherit(struct mm_struct *oldmm, struct sealset *set)
{
	struct sealset *own = NULL;
	struct vm_area_struct *vma;

	mmap_assert_write_locked(oldmm);
	mseal_for_each_vma(vma, oldmm, 0) {
		if (fatal_signal_pending(current))
			break;
		hold_back(&own, set, vma);
		cond_resched();
	}
	if (own)
		limit(own, set);
	return own ?: sealset_get(set);
}
