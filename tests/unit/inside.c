// SPDX-License-Identifier: GPL-2.0
/* The module's source as it is, and with it what a test has to see inside. */
#include "sealset.c"

#include "inside.h"

static struct seal *seal_of(struct rb_node *node)
{
	return node ? rb_entry(node, struct seal, rb) : NULL;
}

static struct seal *first_seal(const struct sealset *set)
{
	return seal_of(rb_first(&set->ranges.rb_root));
}

unsigned int sealset_ranges(const struct sealset *set, struct range *ranges,
			    unsigned int room)
{
	struct seal *seal;
	unsigned int nr = 0;

	for (seal = first_seal(set); seal; seal = seal_of(rb_next(&seal->rb))) {
		if (nr < room)
			ranges[nr] = (struct range){ seal->start, seal->last,
						     seal->types };
		nr++;
	}
	return nr;
}

unsigned int sealset_refs(const struct sealset *set)
{
	return refcount_read(&set->refs);
}

static const char *order_flaw(const struct seal *seal, const struct seal *next)
{
	if (seal->start > seal->last)
		return "a range ends before it begins";
	if (seal->last == ULONG_MAX)
		return "a range reaches the last address";
	if (!seal->types)
		return "a range without types";
	if (!next)
		return NULL;
	if (next->start <= seal->last)
		return "ranges overlap or aren't in order";
	if (next->start == seal->last + 1 && next->types == seal->types)
		return "touching ranges of equal types aren't merged";
	return NULL;
}

/* The highest last below the node, after everything below was found right. */
static const char *subtree_flaw(struct rb_node *node, unsigned long *highest)
{
	struct rb_node *children[] = { node->rb_left, node->rb_right };
	struct seal *seal = seal_of(node);
	unsigned long last = seal->last;
	const char *flaw;
	int i;

	for (i = 0; i < 2; i++) {
		unsigned long below;

		if (!children[i])
			continue;
		if (rb_parent(children[i]) != node)
			return "a node doesn't know its parent";
		flaw = subtree_flaw(children[i], &below);
		if (flaw)
			return flaw;
		last = max(last, below);
	}
	*highest = last;
	return seal->subtree_last == last ? NULL :
	       "a subtree's highest address is wrong";
}

const char *sealset_flaw(const struct sealset *set)
{
	struct rb_node *root = set->ranges.rb_root.rb_node;
	struct seal *seal, *next;
	unsigned long highest;
	unsigned int nr = 0;
	const char *flaw;

	flaw = root ? subtree_flaw(root, &highest) : NULL;
	for (seal = first_seal(set); seal && !flaw; seal = next) {
		next = seal_of(rb_next(&seal->rb));
		flaw = order_flaw(seal, next);
		nr++;
	}
	if (flaw)
		return flaw;
	if (set->ranges.rb_leftmost != rb_first(&set->ranges.rb_root))
		return "the cached first range isn't the first";
	if (set->nr != nr)
		return "the number of ranges is wrong";
	return NULL;
}
