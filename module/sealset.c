// SPDX-License-Identifier: GPL-2.0
/* The set of sealed ranges.  Plain logic, also compiled in user space. */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "chain.h"

static struct kmem_cache *set_cache;

struct sealset *sealset_create(gfp_t gfp)
{
	struct sealset *set = kmem_cache_alloc(set_cache, gfp);

	if (!set)
		return NULL;
	refcount_set(&set->refs, 1);
	set->nr = 0;
	set->ranges = RB_ROOT;
	return set;
}

struct sealset *sealset_get(struct sealset *set)
{
	refcount_inc(&set->refs);
	return set;
}

void sealset_put(struct sealset *set)
{
	struct seal *seal, *next;

	if (!refcount_dec_and_test(&set->refs))
		return;
	rbtree_postorder_for_each_entry_safe(seal, next, &set->ranges, rb) {
		seal_free(seal);
		cond_resched();
	}
	kmem_cache_free(set_cache, set);
}

/*
 * The last other owner may have dropped its reference a moment ago, on another
 * CPU and under another lock.  Pairs with the release in sealset_put(): its
 * look-ups are over before this owner begins to change the tree.
 */
static bool shared(const struct sealset *set)
{
	if (refcount_read(&set->refs) > 1)
		return true;
	smp_acquire__after_ctrl_dep();
	return false;
}

bool sealset_hit(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 types)
{
	struct seal *seal;

	for_each_overlap(seal, set, start, last)
		if (seal->types & types)
			return true;
	return false;
}

u64 sealset_look(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 enough)
{
	struct seal *seal;
	u64 types = 0;

	for_each_overlap(seal, set, start, last) {
		types |= seal->types;
		if (MSEAL_ENFORCED(types) & enough)
			break;
	}
	return types;
}

/* To who asks about a type on trial, others on trial count as those in force. */
static u64 counted(u64 types, u64 having)
{
	if (!MSEAL_REPORTED(having))
		return types;
	return types | MSEAL_REPORTED(types) | types << MSEAL_REPORT_SHIFT;
}

bool sealset_lacks(const struct sealset *set, unsigned long start,
		   unsigned long last, u64 having, u64 types)
{
	struct seal *seal;

	for_each_overlap(seal, set, start, last)
		if (seal->types & having && types & ~counted(seal->types, having))
			return true;
	return false;
}

bool sealset_next(const struct sealset *set, unsigned long start,
		  struct seal_range *range)
{
	struct seal *seal = first_overlap(set, start, ULONG_MAX);

	if (!seal)
		return false;
	range->start = max(seal->start, start);
	range->last = seal->last;
	range->types = seal->types;
	return true;
}

bool sealset_has(const struct sealset *set, unsigned long start,
		 unsigned long last, u64 types)
{
	struct seal *seal;

	for_each_overlap(seal, set, start, last) {
		if (seal->start > start || (seal->types & types) != types)
			return false;
		if (seal->last >= last)
			return true;
		start = seal->last + 1;
	}
	return false;
}

/*
 * What shall stand in the place of @seal once [start, last] has got @types:
 * the part before the range, the gap up to the part inside, that part, and the
 * part behind the range.  @pos is the first byte of the range not yet in the
 * chain.
 */
static int chain_union(struct seal_chain *chain, const struct seal *seal,
		       unsigned long start, unsigned long last, u64 types,
		       unsigned long *pos)
{
	unsigned long in_start = max(seal->start, start);
	unsigned long in_last = min(seal->last, last);
	int err = 0;

	if (seal->start < start)
		err = chain_append(chain, seal->start,
				   min(seal->last, start - 1), seal->types,
				   GFP_KERNEL_ACCOUNT);
	if (!err && *pos < in_start && *pos <= last) {
		err = chain_append(chain, *pos, min(in_start - 1, last), types,
				   GFP_KERNEL_ACCOUNT);
		*pos = in_start;
	}
	if (!err && in_start <= in_last) {
		err = chain_append(chain, in_start, in_last,
				   seal->types | types, GFP_KERNEL_ACCOUNT);
		*pos = in_last + 1;
	}
	if (!err && seal->last > last)
		err = chain_append(chain, max(seal->start, last + 1),
				   seal->last, seal->types, GFP_KERNEL_ACCOUNT);
	return err;
}

static int add(struct sealset *set, unsigned long start, unsigned long last,
	       u64 types, unsigned int max)
{
	/* The neighbours that only touch the range may merge with it. */
	unsigned long lo = start ? start - 1 : 0, hi = last + 1, pos = start;
	unsigned int replaced = 0;
	struct seal_chain chain = {};
	struct seal *seal;
	int err;

	for_each_overlap(seal, set, lo, hi) {
		err = chain_union(&chain, seal, start, last, types, &pos);
		if (err)
			goto err_chain;
		replaced++;
	}
	if (pos <= last) {
		err = chain_append(&chain, pos, last, types,
				   GFP_KERNEL_ACCOUNT);
		if (err)
			goto err_chain;
	}
	if (chain.nr > replaced && set->nr - replaced + chain.nr > max) {
		err = -ENOMEM;
		goto err_chain;
	}
	if (replaced)
		chain_replace(&chain, set, lo, hi);
	else
		chain_give(&chain, set);
	return 0;

err_chain:
	chain_free(&chain);
	return err;
}

/* What the owner may change: its set, or a copy if it isn't alone. */
static struct sealset *own(struct sealset *set)
{
	return shared(set) ? sealset_clone(set, GFP_KERNEL_ACCOUNT) : set;
}

/* Afterwards: a copy takes the set's place, unless the change has failed. */
static void settle(struct sealset **setp, struct sealset *set, int err)
{
	struct sealset *old = *setp;

	if (set == old)
		return;
	if (!err)
		*setp = set;
	sealset_put(err ? set : old);
}

int sealset_add(struct sealset **setp, unsigned long start, unsigned long last,
		u64 types, unsigned int max)
{
	struct sealset *set;
	int err;

	if (sealset_has(*setp, start, last, types))
		return 0;
	set = own(*setp);
	if (!set)
		return -ENOMEM;
	err = add(set, start, last, types, max);
	settle(setp, set, err);
	return err;
}

struct sealset *sealset_clone(const struct sealset *set, gfp_t gfp)
{
	struct sealset *copy = sealset_create(gfp);
	struct seal_chain chain = {};
	struct seal *seal;

	if (!copy)
		return NULL;
	for_each_overlap(seal, set, 0, ULONG_MAX) {
		if (fatal_signal_pending(current) ||
		    chain_append(&chain, seal->start, seal->last, seal->types,
				 gfp))
			goto err_copy;
		cond_resched();
	}
	chain_replace(&chain, copy, 0, ULONG_MAX);
	return copy;

err_copy:
	chain_free(&chain);
	sealset_put(copy);
	return NULL;
}

/* What remains of the ranges that [start, last] overlaps: a part on each side. */
static int chain_rest(struct seal_chain *rest, const struct sealset *set,
		      unsigned long start, unsigned long last, gfp_t gfp)
{
	struct seal *seal;
	int err = 0;

	for_each_overlap(seal, set, start, last) {
		if (seal->start < start)
			err = chain_append(rest, seal->start, start - 1,
					   seal->types, gfp);
		if (!err && seal->last > last)
			err = chain_append(rest, last + 1, seal->last,
					   seal->types, gfp);
		if (err)
			break;
	}
	return err;
}

void sealset_cut(struct sealset *set, unsigned long start, unsigned long last)
{
	struct seal_chain rest = {};

	chain_rest(&rest, set, start, last, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	chain_replace(&rest, set, start, last);
}

static int trim(struct sealset *set, unsigned long start, unsigned long last,
		unsigned int max, struct seal_chain *taken)
{
	struct seal_chain rest = {};
	int err;

	err = chain_rest(&rest, set, start, last, GFP_KERNEL_ACCOUNT);
	if (err)
		goto err_rest;
	chain_take(taken, set, start, last);
	if (rest.nr > taken->nr && set->nr + rest.nr > max) {
		err = -ENOMEM;
		goto err_taken;
	}
	chain_give(&rest, set);
	return 0;

err_taken:
	chain_give(taken, set);
	*taken = (struct seal_chain){};
err_rest:
	chain_free(&rest);
	return err;
}

int sealset_trim(struct sealset **setp, unsigned long start, unsigned long last,
		 unsigned int max, struct seal_chain *taken)
{
	struct sealset *set;
	int err;

	if (!first_overlap(*setp, start, last))
		return 0;
	set = own(*setp);
	if (!set)
		return -ENOMEM;
	err = trim(set, start, last, max, taken);
	settle(setp, set, err);
	return err;
}

void sealset_restore(struct sealset *set, struct seal_chain *taken)
{
	/* The rests lie where the ranges did of which they were left. */
	if (taken->nr)
		chain_replace(taken, set, taken->head->start,
			      taken->tail->last);
}

void sealset_forget(struct seal_chain *taken)
{
	chain_free(taken);
}

int sealset_init(void)
{
	int err;

	set_cache = kmem_cache_create("mseal_set", sizeof(struct sealset), 0,
				      SLAB_ACCOUNT, NULL);
	if (!set_cache)
		return -ENOMEM;
	err = chain_init();
	if (err)
		goto err_set_cache;
	return 0;

err_set_cache:
	kmem_cache_destroy(set_cache);
	return err;
}

void sealset_exit(void)
{
	chain_exit();
	kmem_cache_destroy(set_cache);
}
