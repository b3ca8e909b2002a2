// SPDX-License-Identifier: GPL-2.0
/* Sealed ranges, and how they come into a set's tree and out of it. */
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "chain.h"

static struct kmem_cache *seal_cache;
static atomic_long_t total;

static void insert(struct sealset *set, struct seal *seal)
{
	struct rb_node **link = &set->ranges.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = seal->start < rb_entry(parent, struct seal, rb)->start ?
		       &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&seal->rb, parent, link);
	rb_insert_color(&seal->rb, &set->ranges);
	set->nr++;
}

void seal_free(struct seal *seal)
{
	kmem_cache_free(seal_cache, seal);
	atomic_long_dec(&total);
}

static void link(struct seal_chain *chain, struct seal *seal)
{
	seal->next = NULL;
	if (chain->tail)
		chain->tail->next = seal;
	else
		chain->head = seal;
	chain->tail = seal;
	chain->nr++;
}

int chain_append(struct seal_chain *chain, unsigned long start,
		 unsigned long last, u64 types, gfp_t gfp)
{
	struct seal *tail = chain->tail, *seal;

	if (tail && tail->types == types && tail->last + 1 == start) {
		tail->last = last;
		return 0;
	}
	seal = kmem_cache_alloc(seal_cache, gfp);
	if (!seal)
		return -ENOMEM;
	atomic_long_inc(&total);
	seal->start = start;
	seal->last = last;
	seal->types = types;
	link(chain, seal);
	return 0;
}

void chain_free(struct seal_chain *chain)
{
	struct seal *seal, *next;

	for (seal = chain->head; seal; seal = next) {
		next = seal->next;
		seal_free(seal);
		cond_resched();
	}
}

void chain_take(struct seal_chain *taken, struct sealset *set,
		unsigned long start, unsigned long last)
{
	struct seal *seal;

	while ((seal = first_overlap(set, start, last))) {
		rb_erase(&seal->rb, &set->ranges);
		set->nr--;
		link(taken, seal);
		cond_resched();
	}
}

void chain_give(const struct seal_chain *chain, struct sealset *set)
{
	struct seal *seal, *next;

	for (seal = chain->head; seal; seal = next) {
		next = seal->next;
		insert(set, seal);
		cond_resched();
	}
}

void chain_replace(const struct seal_chain *chain, struct sealset *set,
		   unsigned long start, unsigned long last)
{
	struct seal_chain old = {};

	chain_take(&old, set, start, last);
	chain_give(chain, set);
	chain_free(&old);
}

unsigned long sealset_total(void)
{
	return atomic_long_read(&total);
}

int chain_init(void)
{
	seal_cache = kmem_cache_create("mseal_range", sizeof(struct seal), 0,
				       SLAB_ACCOUNT, NULL);
	return seal_cache ? 0 : -ENOMEM;
}

void chain_exit(void)
{
	kmem_cache_destroy(seal_cache);
}
