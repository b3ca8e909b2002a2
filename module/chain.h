/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the set show each other; for others there is sealset.h. */
#ifndef _MSEAL_CHAIN_H
#define _MSEAL_CHAIN_H

#include <linux/rbtree.h>
#include <linux/types.h>

#include "sealset.h"

struct seal {
	union {
		struct rb_node rb;	/* in a set's tree */
		struct seal *next;	/* in a chain, before or after that */
	};
	unsigned long start;
	unsigned long last;
	u64 types;
};

void seal_free(struct seal *seal);

/*
 * As ranges don't overlap, their ends are in the order of their starts: the first
 * that ends behind a place is found without a look at what is below a node.  Where
 * a range has the place in it, that is the first, and what is below it isn't.
 */
static inline struct seal *first_overlap(const struct sealset *set,
					 unsigned long start,
					 unsigned long last)
{
	struct rb_node *node = set->ranges.rb_node;
	struct seal *first = NULL;

	while (node) {
		struct seal *seal = rb_entry(node, struct seal, rb);

		if (seal->last < start) {
			node = node->rb_right;
			continue;
		}
		first = seal;
		if (seal->start <= start)
			break;
		node = node->rb_left;
	}
	return first && first->start <= last ? first : NULL;
}

static inline struct seal *next_overlap(const struct seal *seal,
					unsigned long last)
{
	struct rb_node *node;
	struct seal *next;

	if (seal->last >= last)
		return NULL;
	node = rb_next(&seal->rb);
	next = rb_entry_safe(node, struct seal, rb);
	return next && next->start <= last ? next : NULL;
}

#define for_each_overlap(seal, set, start, last)			\
	for (seal = first_overlap(set, start, last); seal;		\
	     seal = next_overlap(seal, last))

/* Adds a range behind the others, or to the last one if that fits. */
int chain_append(struct seal_chain *chain, unsigned long start,
		 unsigned long last, u64 types, gfp_t gfp);
void chain_free(struct seal_chain *chain);

/* Move the ranges that overlap [start, last] to the end of the chain. */
void chain_take(struct seal_chain *taken, struct sealset *set,
		unsigned long start, unsigned long last);

/* The chain's ranges are the set's from now on. */
void chain_give(const struct seal_chain *chain, struct sealset *set);

/* Put the chain where the ranges that overlap [start, last] were. */
void chain_replace(const struct seal_chain *chain, struct sealset *set,
		   unsigned long start, unsigned long last);

int chain_init(void);
void chain_exit(void);

#endif /* _MSEAL_CHAIN_H */
