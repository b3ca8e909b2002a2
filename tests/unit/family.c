// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/slab.h>
#include <string.h>

#include "broken.h"
#include "family.h"
#include "slab.h"

static unsigned long start_of(const struct family *family, struct cells at)
{
	return family->base + at.first * family->unit;
}

static unsigned long last_of(const struct family *family, struct cells at)
{
	return family->base + at.last * family->unit + (family->unit - 1);
}

static unsigned int owners(const struct family *family, const struct sealset *set)
{
	unsigned int i, nr = 0;

	for (i = 0; i < FAMILY_MEMBERS; i++)
		nr += family->members[i].set == set;
	return nr;
}

static void check_member(const struct family *family, unsigned int who)
{
	const struct member *member = &family->members[who];
	struct range is[MODEL_CELLS], should[MODEL_CELLS];
	const char *flaw = sealset_flaw(member->set);
	unsigned int i, nr;

	if (flaw)
		broken("member %u: %s", who, flaw);
	if (sealset_refs(member->set) != owners(family, member->set))
		broken("member %u: %u references, not %u", who,
		       sealset_refs(member->set), owners(family, member->set));
	nr = model_ranges(&member->model, family->base, family->unit, should);
	if (sealset_ranges(member->set, is, MODEL_CELLS) != nr)
		broken("member %u: %u ranges, not %u", who, member->set->nr, nr);
	for (i = 0; i < nr; i++)
		if (is[i].start != should[i].start || is[i].last != should[i].last ||
		    is[i].types != should[i].types)
			broken("member %u: range %u is %lx-%lx %llx, not %lx-%lx %llx",
			       who, i, is[i].start, is[i].last, is[i].types,
			       should[i].start, should[i].last, should[i].types);
}

/* Is it the first member with its set? */
static bool speaks(const struct family *family, unsigned int who)
{
	unsigned int i = 0;

	while (family->members[i].set != family->members[who].set)
		i++;
	return i == who;
}

void family_check(const struct family *family)
{
	unsigned long ranges = 0, sets = 0;
	unsigned int i;

	for (i = 0; i < FAMILY_MEMBERS; i++) {
		if (!family->members[i].set)
			continue;
		check_member(family, i);
		if (speaks(family, i)) {
			ranges += family->members[i].set->nr;
			sets++;
		}
	}
	if (sealset_total() != ranges)
		broken("%lu ranges in total, not %lu", sealset_total(), ranges);
	if (slab_objects() != sets + ranges)
		broken("%lu objects, not %lu", slab_objects(), sets + ranges);
	slab_fail(0, 0);
}

void family_init(struct family *family, unsigned long base, unsigned long unit)
{
	memset(family, 0, sizeof(*family));
	family->base = base;
	family->unit = unit;
	family->members[0].set = sealset_create(GFP_KERNEL_ACCOUNT);
	family_check(family);
}

void family_end(struct family *family)
{
	unsigned int i;

	for (i = 0; i < FAMILY_MEMBERS; i++)
		if (family->members[i].set)
			family_exit(family, i);
}

/* What sealset_add() should answer, but for failed allocations. */
static int expected(const struct member *member, const struct model *after,
		    unsigned int max)
{
	struct range unused[MODEL_CELLS];
	unsigned int nr = model_ranges(after, 0, 1, unused);

	return nr > member->set->nr && nr > max ? -ENOMEM : 0;
}

static void check_add(const struct family *family, const struct member *member,
		      const struct sealset *old, bool was_shared, bool no_op,
		      int err, int should)
{
	unsigned int asked = slab_asked();

	if (slab_failed())
		should = -ENOMEM;
	if (err != should)
		broken("adding returned %d, not %d", err, should);
	if (no_op && asked)
		broken("adding nothing asked for %u objects", asked);
	if ((member->set != old) != (was_shared && !no_op && !err))
		broken("adding %s the set", member->set == old ? "kept" : "replaced");
	family_check(family);
}

int family_add(struct family *family, unsigned int who, struct cells at,
	       u64 types, unsigned int max)
{
	struct member *member = &family->members[who];
	bool no_op = model_covers(&member->model, at, types);
	const struct sealset *old = member->set;
	bool was_shared = owners(family, old) > 1;
	struct model after = member->model;
	int err, should;

	model_add(&after, at, types);
	should = no_op ? 0 : expected(member, &after, max);
	err = sealset_add(&member->set, start_of(family, at), last_of(family, at),
			  types, max);
	if (!err)
		member->model = after;
	check_add(family, member, old, was_shared, no_op, err, should);
	return err;
}

bool family_hit(struct family *family, unsigned int who, struct cells at,
		u64 types)
{
	struct member *member = &family->members[who];
	unsigned long start = start_of(family, at), last = last_of(family, at);
	bool hit = sealset_hit(member->set, start, last, types);
	int answer = sealset_ask(member->set, start, last, types);

	if (hit != model_hit(&member->model, at, types))
		broken("looking for %llx in cells %u to %u %s", types, at.first,
		       at.last, hit ? "hit" : "missed");
	if (answer != model_ask(&member->model, at, types))
		broken("cells %u to %u answered %d to %llx", at.first, at.last,
		       answer, types);
	if (sealset_types(member->set, start, last) != model_union(&member->model, at))
		broken("cells %u to %u: other types", at.first, at.last);
	family_check(family);
	return hit;
}

bool family_lacks(struct family *family, unsigned int who, struct cells at,
		  u64 having, u64 types)
{
	struct member *member = &family->members[who];
	bool lacks = sealset_lacks(member->set, start_of(family, at),
				   last_of(family, at), having, types);

	if (lacks != model_lacks(&member->model, at, having, types))
		broken("cells %u to %u with %llx %s all of %llx", at.first,
		       at.last, having, lacks ? "lack" : "have", types);
	family_check(family);
	return lacks;
}

/* The child, whatever it was, now is what its parent is, with this set. */
static void inherit(struct family *family, unsigned int parent,
		    unsigned int child, struct sealset *set)
{
	if (family->members[child].set)
		sealset_put(family->members[child].set);
	family->members[child].set = set;
	family->members[child].model = family->members[parent].model;
	family_check(family);
}

void family_fork(struct family *family, unsigned int parent, unsigned int child)
{
	inherit(family, parent, child, sealset_get(family->members[parent].set));
}

void family_exit(struct family *family, unsigned int who)
{
	sealset_put(family->members[who].set);
	family->members[who].set = NULL;
	family_check(family);
}

bool family_clone(struct family *family, unsigned int parent, unsigned int child,
		  gfp_t gfp)
{
	struct sealset *copy = sealset_clone(family->members[parent].set, gfp);

	if (!copy != slab_failed())
		broken("cloning %s", copy ? "succeeded without memory" : "failed");
	if (copy)
		inherit(family, parent, child, copy);
	else
		family_check(family);
	return copy;
}

void family_cut(struct family *family, unsigned int who, struct cells at)
{
	struct member *member = &family->members[who];

	if (owners(family, member->set) > 1)
		family_clone(family, who, who, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL);
	sealset_cut(member->set, start_of(family, at), last_of(family, at));
	model_cut(&member->model, at);
	family_check(family);
}

void family_list(struct family *family, unsigned int who, unsigned int first)
{
	struct member *member = &family->members[who];
	struct model model = member->model;
	unsigned long at = family->base + first * family->unit;
	struct range should[MODEL_CELLS];
	unsigned int i, nr;
	struct seal_range is;

	if (first)
		model_cut(&model, (struct cells){ 0, first - 1 });
	nr = model_ranges(&model, family->base, family->unit, should);
	for (i = 0; sealset_next(member->set, at, &is); i++, at = is.last + 1)
		if (i >= nr || is.start != should[i].start ||
		    is.last != should[i].last || is.types != should[i].types)
			broken("listed range %u is %lx-%lx %llx", i, is.start,
			       is.last, is.types);
	if (i != nr)
		broken("%u ranges listed, not %u", i, nr);
	family_check(family);
}

/* Putting back asks for no memory, and leaves all as it was. */
static void put_back(struct family *family, struct member *member,
		     const struct model *before, struct seal_chain *taken)
{
	slab_fail(1, SLAB_ALWAYS);
	sealset_restore(member->set, taken);
	if (slab_asked())
		broken("putting back asked for %u objects", slab_asked());
	member->model = *before;
	family_check(family);
}

static void check_trim(const struct family *family, const struct member *member,
		       const struct sealset *old, bool should_copy, int err,
		       int should)
{
	if (slab_failed())
		should = -ENOMEM;
	if (err != should)
		broken("trimming returned %d, not %d", err, should);
	if ((member->set != old) != (should_copy && !err))
		broken("trimming %s the set", member->set == old ? "kept" : "replaced");
	check_member(family, member - family->members);
}

int family_unmap(struct family *family, unsigned int who, struct cells at,
		 unsigned int max, bool works)
{
	struct member *member = &family->members[who];
	bool hits = model_hit(&member->model, at, ~0ull);
	const struct sealset *old = member->set;
	bool was_shared = owners(family, old) > 1;
	const struct model before = member->model;
	struct seal_chain taken = {};
	struct model after = before;
	int err, should;

	model_cut(&after, at);
	should = expected(member, &after, max);
	err = sealset_trim(&member->set, start_of(family, at), last_of(family, at),
			   max, &taken);
	if (!err)
		member->model = after;
	check_trim(family, member, old, was_shared && hits, err, should);
	if (!err && !works)
		put_back(family, member, &before, &taken);
	else
		sealset_forget(&taken);
	family_check(family);
	return err;
}
