// SPDX-License-Identifier: GPL-2.0
/* Too many ranges, no memory: all or nothing, and nothing is lost. */
#include <errno.h>
#include <linux/slab.h>

#include "cells.h"
#include "slab.h"
#include "suites.h"

#define MANY	20000
#define WIDE	(2 * PAGE)	/* from one to the next */

static struct family family;

static const struct {
	const char *before;
	struct run added;
	unsigned int max;
	int err;
} limits[] = {
	{ "",        { { 0, 0 }, 1 }, 0, -ENOMEM },
	{ "",        { { 0, 0 }, 1 }, 1, 0 },
	{ "1.1.1",   { { 6, 6 }, 1 }, 3, -ENOMEM },
	{ "1.1.1",   { { 6, 6 }, 1 }, 4, 0 },
	{ "11111",   { { 2, 2 }, 2 }, 2, -ENOMEM },
	{ "11111",   { { 2, 2 }, 2 }, 3, 0 },
	{ "1.2.4",   { { 0, 4 }, 8 }, 4, -ENOMEM },
	{ "1.2.4",   { { 0, 4 }, 8 }, 5, 0 },

	/* What takes no further range is granted, even above a lowered limit. */
	{ "1.1.1",   { { 1, 1 }, 1 }, 1, 0 },
	{ "1.1.1",   { { 5, 5 }, 1 }, 1, 0 },
	{ "1.1.1",   { { 0, 4 }, 1 }, 0, 0 },
	{ "1.1.1",   { { 0, 0 }, 2 }, 1, 0 },
	{ "1.1.1",   { { 2, 2 }, 1 }, 0, 0 },
};

/* Alone and shared: the copy must not outlive a refusal. */
START_TEST(limit)
{
	for (int share = 0; share < 2; share++) {
		given(&family, &places[1], limits[_i].before);
		if (share)
			family_fork(&family, 0, 1);
		ck_assert_int_eq(family_add(&family, 0, limits[_i].added.at,
					    limits[_i].added.types,
					    limits[_i].max), limits[_i].err);
		if (limits[_i].err)
			ck_cells(&family, 0, limits[_i].before);
		if (share)
			ck_cells(&family, 1, limits[_i].before);
		family_end(&family);
	}
	ck_assert_uint_eq(slab_objects(), 0);
}
END_TEST

static const struct {
	const char *before;
	struct run added;
	/* Objects that the change has to ask for, alone and shared */
	unsigned int alone, shared;
} changes[] = {
	{ "",        { { 0, 0 }, 1 }, 1, 2 },
	{ "11.22",   { { 2, 2 }, 4 }, 3, 6 },
	{ "11111",   { { 2, 2 }, 2 }, 3, 5 },
	{ "1.2.4.1", { { 0, 6 }, 8 }, 7, 12 },
	{ "1.1.1.1", { { 0, 6 }, 1 }, 1, 6 },
};

/* Each allocation fails once alone, then it and all that follow. */
static unsigned int failures(int row, bool share, unsigned int count)
{
	unsigned int nth = 0;
	int err;

	do {
		given(&family, &places[1], changes[row].before);
		if (share)
			family_fork(&family, 0, 1);
		slab_fail(++nth, count);
		err = family_add(&family, 0, changes[row].added.at,
				 changes[row].added.types, NO_LIMIT);
		if (err)
			ck_cells(&family, 0, changes[row].before);
		family_end(&family);
		ck_assert_uint_eq(slab_objects(), 0);
	} while (err);
	return nth - 1;
}

START_TEST(no_memory_for_change)
{
	ck_assert_uint_eq(failures(_i, false, 1), changes[_i].alone);
	ck_assert_uint_eq(failures(_i, true, 1), changes[_i].shared);
	ck_assert_uint_eq(failures(_i, false, SLAB_ALWAYS), changes[_i].alone);
	ck_assert_uint_eq(failures(_i, true, SLAB_ALWAYS), changes[_i].shared);
}
END_TEST

static const struct {
	const char *before;
	struct cells at;
	/* Objects that the unmap has to ask for, alone and shared */
	unsigned int alone, shared;
} unmaps[] = {
	{ "",        { 0, 0 }, 0, 0 },
	{ "11.22",   { 2, 2 }, 0, 0 },
	{ "11.22",   { 0, 4 }, 0, 3 },
	{ "11.22",   { 0, 1 }, 0, 3 },
	{ "11.22",   { 1, 3 }, 2, 5 },
	{ "11111",   { 2, 2 }, 2, 4 },
	{ "1.2.4.1", { 0, 6 }, 0, 5 },
};

static unsigned int unmap_failures(int row, bool share, unsigned int count)
{
	unsigned int nth = 0;
	int err;

	do {
		given(&family, &places[1], unmaps[row].before);
		if (share)
			family_fork(&family, 0, 1);
		slab_fail(++nth, count);
		err = family_unmap(&family, 0, unmaps[row].at, NO_LIMIT, true);
		if (err)
			ck_cells(&family, 0, unmaps[row].before);
		if (share)
			ck_cells(&family, 1, unmaps[row].before);
		family_end(&family);
		ck_assert_uint_eq(slab_objects(), 0);
	} while (err);
	return nth - 1;
}

START_TEST(no_memory_for_unmap)
{
	ck_assert_uint_eq(unmap_failures(_i, false, 1), unmaps[_i].alone);
	ck_assert_uint_eq(unmap_failures(_i, true, 1), unmaps[_i].shared);
	ck_assert_uint_eq(unmap_failures(_i, false, SLAB_ALWAYS), unmaps[_i].alone);
	ck_assert_uint_eq(unmap_failures(_i, true, SLAB_ALWAYS), unmaps[_i].shared);
}
END_TEST

/* Only a hole in the middle of a range takes one more. */
START_TEST(limit_for_unmap)
{
	given(&family, &places[1], "111.1");
	ck_assert_int_eq(family_unmap(&family, 0, (struct cells){ 1, 1 }, 2, true),
			 -ENOMEM);
	ck_cells(&family, 0, "111.1");
	ck_assert_int_eq(family_unmap(&family, 0, (struct cells){ 0, 0 }, 0, true), 0);
	ck_assert_int_eq(family_unmap(&family, 0, (struct cells){ 4, 4 }, 0, true), 0);
	ck_cells(&family, 0, ".11");
	family_end(&family);
}
END_TEST

START_TEST(no_memory_for_clone)
{
	unsigned int nth;

	for (nth = 1; nth <= 4; nth++) {
		given(&family, &places[1], "1.2.3");
		slab_fail(nth, 1);
		ck_assert(!family_clone(&family, 0, 1, GFP_KERNEL_ACCOUNT));
		ck_assert_ptr_null(family.members[1].set);
		family_end(&family);
		ck_assert_uint_eq(slab_objects(), 0);
	}
}
END_TEST

START_TEST(no_memory_for_set)
{
	slab_fail(1, 1);
	ck_assert_ptr_null(sealset_create(GFP_KERNEL_ACCOUNT));
}
END_TEST

/* fork() must not fail for what a child doesn't get. */
START_TEST(never_fails)
{
	given(&family, &places[1], "1.2.3");
	slab_fail(1, SLAB_ALWAYS);
	ck_assert(family_clone(&family, 0, 1, GFP_KERNEL_ACCOUNT | __GFP_NOFAIL));
	slab_fail(1, SLAB_ALWAYS);
	family_cut(&family, 1, (struct cells){ 0, 2 });
	family_add(&family, 0, (struct cells){ 0, 9 }, 8, NO_LIMIT);
	slab_fail(1, SLAB_ALWAYS);
	family_cut(&family, 0, (struct cells){ 1, 8 });
	ck_cells(&family, 0, "9........8");
	family_end(&family);
}
END_TEST

START_TEST(no_memory_for_caches)
{
	sealset_exit();
	ck_assert_uint_eq(slab_caches(), 0);
	for (unsigned int nth = 1; nth <= 2; nth++) {
		slab_fail(nth, 1);
		ck_assert_int_eq(sealset_init(), -ENOMEM);
		ck_assert_uint_eq(slab_caches(), 0);
	}
	slab_fail(0, 0);
	ck_assert_int_eq(sealset_init(), 0);
}
END_TEST

/* More ranges than any model here: they come, are copied, merge and go. */
START_TEST(many)
{
	struct sealset *set = sealset_create(GFP_KERNEL_ACCOUNT), *old = set;

	for (unsigned long i = 0; i < MANY; i++) {
		unsigned long page = i * 7919 % MANY * WIDE;

		ck_assert_int_eq(sealset_add(&set, page, page + PAGE - 1, 1,
					     MANY), 0);
	}
	ck_assert_uint_eq(set->nr, MANY);
	ck_assert_ptr_null(sealset_flaw(set));
	ck_assert_int_eq(sealset_add(&set, MANY * WIDE,
				     MANY * WIDE + PAGE - 1, 1, MANY), -ENOMEM);

	sealset_get(set);
	ck_assert_int_eq(sealset_add(&set, 0, MANY * WIDE - 1, 1, MANY), 0);
	ck_assert_uint_eq(set->nr, 1);
	ck_assert_uint_eq(old->nr, MANY);
	ck_assert_ptr_null(sealset_flaw(old));
	ck_assert_uint_eq(sealset_total(), MANY + 1);

	sealset_put(old);
	sealset_put(set);
	ck_assert_uint_eq(sealset_total(), 0);
}
END_TEST

Suite *memory_suite(void)
{
	Suite *suite = suite_create("memory");
	TCase *tcase = sealset_tcase("memory");

	tcase_add_loop_test(tcase, limit, 0, sizeof(limits) / sizeof(limits[0]));
	tcase_add_loop_test(tcase, no_memory_for_change, 0,
			    sizeof(changes) / sizeof(changes[0]));
	tcase_add_loop_test(tcase, no_memory_for_unmap, 0,
			    sizeof(unmaps) / sizeof(unmaps[0]));
	tcase_add_test(tcase, limit_for_unmap);
	tcase_add_test(tcase, no_memory_for_clone);
	tcase_add_test(tcase, no_memory_for_set);
	tcase_add_test(tcase, never_fails);
	tcase_add_test(tcase, no_memory_for_caches);
	tcase_add_test(tcase, many);
	suite_add_tcase(suite, tcase);
	return suite;
}
