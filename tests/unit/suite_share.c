// SPDX-License-Identifier: GPL-2.0
/* Sets with more than one owner: who changes one gets a copy. */
#include <linux/slab.h>

#include "cells.h"
#include "slab.h"
#include "suites.h"

static struct family family;

static const struct cells left = { 0, 1 }, middle = { 3, 3 };

START_TEST(fork_shares)
{
	given(&family, &places[1], "11..22");
	family_fork(&family, 0, 1);
	ck_assert_ptr_eq(family.members[0].set, family.members[1].set);
	ck_assert_uint_eq(slab_objects(), 3);
	ck_assert_uint_eq(sealset_total(), 2);
	ck_assert(family_hit(&family, 1, left, 1));
	family_exit(&family, 0);
	ck_assert(family_hit(&family, 1, left, 1));
	family_end(&family);
	ck_assert_uint_eq(slab_objects(), 0);
}
END_TEST

/* 0: the parent changes what it shares, 1: the child does. */
START_TEST(change_copies)
{
	const struct sealset *old;

	given(&family, &places[1], "11..22");
	family_fork(&family, 0, 1);
	old = family.members[0].set;
	ck_assert_int_eq(family_add(&family, _i, middle, 4, NO_LIMIT), 0);
	ck_assert_ptr_ne(family.members[_i].set, old);
	ck_assert_ptr_eq(family.members[!_i].set, old);
	ck_cells(&family, _i, "11.422");
	ck_cells(&family, !_i, "11..22");
	ck_assert_uint_eq(sealset_refs(old), 1);

	/* Alone again, both change in place. */
	ck_assert_int_eq(family_add(&family, !_i, middle, 8, NO_LIMIT), 0);
	ck_assert_ptr_eq(family.members[!_i].set, old);
	ck_cells(&family, _i, "11.422");
	ck_cells(&family, !_i, "11.822");
	family_end(&family);
}
END_TEST

START_TEST(chain_of_forks)
{
	given(&family, &places[1], "11..22");
	family_fork(&family, 0, 1);
	family_add(&family, 1, middle, 4, NO_LIMIT);
	family_fork(&family, 1, 2);
	family_fork(&family, 2, 3);
	ck_assert_uint_eq(sealset_refs(family.members[1].set), 3);
	family_exit(&family, 1);
	family_add(&family, 2, left, 2, NO_LIMIT);
	ck_cells(&family, 0, "11..22");
	ck_cells(&family, 2, "33.422");
	ck_cells(&family, 3, "11.422");
	family_fork(&family, 0, 3);
	ck_cells(&family, 3, "11..22");
	family_end(&family);
	ck_assert_uint_eq(slab_objects(), 0);
}
END_TEST

START_TEST(reseal_keeps_sharing)
{
	const struct sealset *old;

	given(&family, &places[1], "33..22");
	family_fork(&family, 0, 1);
	old = family.members[0].set;
	slab_fail(1, SLAB_ALWAYS);
	ck_assert_int_eq(family_add(&family, 0, left, 1, 0), 0);
	ck_assert_ptr_eq(family.members[0].set, old);
	family_end(&family);
}
END_TEST

START_TEST(clone_is_apart)
{
	given(&family, &places[1], "11..2233");
	ck_assert(family_clone(&family, 0, 1, GFP_KERNEL_ACCOUNT));
	ck_assert_ptr_ne(family.members[0].set, family.members[1].set);
	ck_assert_uint_eq(sealset_total(), 6);
	family_add(&family, 1, middle, 4, NO_LIMIT);
	ck_cells(&family, 0, "11..2233");
	ck_cells(&family, 1, "11.42233");
	family_cut(&family, 1, left);
	ck_cells(&family, 0, "11..2233");
	family_end(&family);
}
END_TEST

START_TEST(clone_of_empty_set)
{
	given(&family, &places[1], "");
	ck_assert(family_clone(&family, 0, 1, GFP_KERNEL_ACCOUNT));
	ck_assert_uint_eq(slab_objects(), 2);
	family_end(&family);
}
END_TEST

/* A child loses what it doesn't get, and its parent keeps it. */
START_TEST(cut_of_a_child)
{
	given(&family, &places[1], "1111");
	family_fork(&family, 0, 1);
	family_cut(&family, 1, (struct cells){ 1, 2 });
	ck_cells(&family, 0, "1111");
	ck_cells(&family, 1, "1..1");
	family_end(&family);
}
END_TEST

Suite *share_suite(void)
{
	Suite *suite = suite_create("share");
	TCase *tcase = sealset_tcase("share");

	tcase_add_test(tcase, fork_shares);
	tcase_add_loop_test(tcase, change_copies, 0, 2);
	tcase_add_test(tcase, chain_of_forks);
	tcase_add_test(tcase, reseal_keeps_sharing);
	tcase_add_test(tcase, clone_is_apart);
	tcase_add_test(tcase, clone_of_empty_set);
	tcase_add_test(tcase, cut_of_a_child);
	suite_add_tcase(suite, tcase);
	return suite;
}
