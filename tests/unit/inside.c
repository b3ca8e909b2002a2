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
	return seal_of(rb_first(&set->ranges));
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

static const char *links_flaw(struct rb_node *node)
{
	struct rb_node *children[] = { node->rb_left, node->rb_right };
	const char *flaw;
	int i;

	for (i = 0; i < 2; i++) {
		if (!children[i])
			continue;
		if (rb_parent(children[i]) != node)
			return "a node doesn't know its parent";
		flaw = links_flaw(children[i]);
		if (flaw)
			return flaw;
	}
	return NULL;
}

const char *sealset_flaw(const struct sealset *set)
{
	struct rb_node *root = set->ranges.rb_node;
	struct seal *seal, *next;
	unsigned int nr = 0;
	const char *flaw;

	flaw = root ? links_flaw(root) : NULL;
	for (seal = first_seal(set); seal && !flaw; seal = next) {
		next = seal_of(rb_next(&seal->rb));
		flaw = order_flaw(seal, next);
		nr++;
	}
	if (flaw)
		return flaw;
	if (set->nr != nr)
		return "the number of ranges is wrong";
	return NULL;
}
