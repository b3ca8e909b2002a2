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
	unsigned long subtree_last;
	u64 types;
};

/* Of the generic interval tree */
void seal_tree_insert(struct seal *seal, struct rb_root_cached *root);
void seal_tree_remove(struct seal *seal, struct rb_root_cached *root);
struct seal *seal_tree_iter_first(struct rb_root_cached *root,
				  unsigned long start, unsigned long last);
struct seal *seal_tree_iter_next(struct seal *seal, unsigned long start,
				 unsigned long last);

void seal_free(struct seal *seal);
struct seal *first_overlap(const struct sealset *set, unsigned long start,
			   unsigned long last);

#define for_each_overlap(seal, set, start, last)			\
	for (seal = first_overlap(set, start, last); seal;		\
	     seal = seal_tree_iter_next(seal, start, last))

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
