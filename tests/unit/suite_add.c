// SPDX-License-Identifier: GPL-2.0
/* What a set is after a range was added to it, looked up in it or cut from it. */
#include <limits.h>

#include "cells.h"
#include "suites.h"

static struct family family;

static const struct addition {
	const char *before, *added, *after;
	unsigned int nr;
} additions[] = {
	{ "",          "..1..",     "..1..",     1 },
	{ "",          "1",         "1",         1 },

	/* Apart, touching, overlapping: the same types */
	{ "11.....",   "...11..",   "11.11..",   2 },
	{ "...11..",   "11.....",   "11.11..",   2 },
	{ "11.....",   "..11...",   "1111...",   1 },
	{ "..11...",   "11.....",   "1111...",   1 },
	{ "11..11.",   "..11...",   "111111.",   1 },
	{ "1.1.1.1",   "1111111",   "1111111",   1 },
	{ "1.1.1.1",   "..1111.",   "1.11111",   2 },
	{ "..111..",   "1111...",   "11111..",   1 },
	{ "..111..",   "...1111",   "..11111",   1 },
	{ "..111..",   "1111111",   "1111111",   1 },

	/* Nothing new */
	{ "1111111",   "..111..",   "1111111",   1 },
	{ "1111111",   "1111111",   "1111111",   1 },
	{ "3333333",   "..11...",   "3333333",   1 },
	{ "1133311",   "1111111",   "1133311",   3 },

	/* Touching, but other types */
	{ "11.....",   "..22...",   "1122...",   2 },
	{ "..11...",   "22.....",   "2211...",   2 },
	{ "11..11.",   "..22...",   "112211.",   3 },
	{ "11..44.",   "..22...",   "112244.",   3 },

	/* Unions split what they change and merge with what they become */
	{ "1111111",   "..222..",   "1133311",   3 },
	{ "1111111",   "2222...",   "3333111",   2 },
	{ "1111111",   "....222",   "1111333",   2 },
	{ "1111111",   "2222222",   "3333333",   1 },
	{ "1111111",   "..333..",   "1133311",   3 },
	{ "111.222",   "..333..",   "1133322",   3 },
	{ "11.22.1",   "4444444",   "5546645",   5 },
	{ "33111..",   "..2....",   "33311..",   2 },
	{ "..11133",   "....2..",   "..11333",   2 },
	{ "3313133",   "..2....",   "3333133",   3 },
	{ "33.1.33",   "..333..",   "3333333",   1 },
	{ "31.1.13",   ".22222.",   "3323233",   5 },
	{ "1.2.4.8",   "fffffff",   "fffffff",   1 },
};

static void ck_addition(const struct addition *row, const struct place *place)
{
	unsigned int pos = 0;
	struct run run;

	given(&family, place, row->before);
	ck_assert(next_run(row->added, &pos, &run));
	ck_assert_int_eq(family_add(&family, 0, run.at, run.types, NO_LIMIT), 0);
	ck_cells(&family, 0, row->after);
	ck_assert_uint_eq(family.members[0].set->nr, row->nr);
	family_end(&family);
}

START_TEST(adds)
{
	for (int i = 0; i < nr_places; i++)
		ck_addition(&additions[_i], &places[i]);
}
END_TEST

/* Any order of the same additions leads to the same set. */
START_TEST(order_does_not_matter)
{
	static const struct run runs[] = {
		{ { 0, 3 }, 1 }, { { 2, 6 }, 2 }, { { 5, 5 }, 4 }, { { 7, 9 }, 1 },
	};

	for (unsigned int i = 0; i < 4 * 4 * 4 * 4; i++) {
		unsigned int order[] = { i & 3, i >> 2 & 3, i >> 4 & 3, i >> 6 & 3 };
		unsigned int seen = 0, k;

		for (k = 0; k < 4; k++)
			seen |= 1u << order[k];
		if (seen != 0xf)
			continue;
		given(&family, &places[1], "");
		for (k = 0; k < 4; k++)
			family_add(&family, 0, runs[order[k]].at,
				   runs[order[k]].types, NO_LIMIT);
		ck_cells(&family, 0, "1133262111");
		family_end(&family);
	}
}
END_TEST

START_TEST(hits)
{
	static const struct {
		struct cells at;
		u64 types;
		bool hit;
	} rows[] = {
		{ { 0, 1 }, 0xf, false },	{ { 2, 2 }, 1, true },
		{ { 2, 2 }, 2, false },		{ { 2, 2 }, 3, true },
		{ { 0, 2 }, 1, true },		{ { 0, 9 }, 1, true },
		{ { 0, 9 }, 2, true },		{ { 0, 9 }, 4, false },
		{ { 5, 5 }, 0xf, false },	{ { 4, 6 }, 1, true },
		{ { 4, 6 }, 2, true },		{ { 6, 7 }, 1, false },
		{ { 8, 9 }, 0xf, false },	{ { 6, 6 }, 0, false },
	};

	for (int place = 0; place < nr_places; place++) {
		given(&family, &places[place], "..111.22..");
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			ck_assert_int_eq(family_hit(&family, 0, rows[i].at,
						    rows[i].types), rows[i].hit);
		family_end(&family);
	}
}
END_TEST

/* Ranges end with a byte, not with a page. */
START_TEST(hits_to_the_byte)
{
	struct sealset *set;

	given(&family, &places[1], "..1..");
	set = family.members[0].set;
	ck_assert(!sealset_hit(set, 0, places[1].base + 2 * PAGE - 1, 1));
	ck_assert(sealset_hit(set, 0, places[1].base + 2 * PAGE, 1));
	ck_assert(sealset_hit(set, places[1].base + 3 * PAGE - 1, ULONG_MAX - 1, 1));
	ck_assert(!sealset_hit(set, places[1].base + 3 * PAGE, ULONG_MAX - 1, 1));
	family_end(&family);
}
END_TEST

START_TEST(lacks)
{
	static const struct {
		struct cells at;
		u64 having, types;
		bool lacks;
	} rows[] = {
		{ { 0, 1 }, 0xf, 0xf, false },	{ { 2, 4 }, 1, 1, false },
		{ { 2, 4 }, 1, 3, true },	{ { 2, 4 }, 2, 4, false },
		{ { 0, 9 }, 1, 3, true },	{ { 6, 7 }, 1, 3, false },
		{ { 0, 9 }, 2, 2, false },	{ { 5, 6 }, 3, 2, false },
		{ { 4, 6 }, 3, 2, true },	{ { 0, 9 }, 0, 0xf, false },
		{ { 6, 7 }, 1, 7, true },
	};

	for (int place = 0; place < nr_places; place++) {
		given(&family, &places[place], "..111.33..");
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			ck_assert_int_eq(family_lacks(&family, 0, rows[i].at,
						      rows[i].having, rows[i].types),
					 rows[i].lacks);
		family_end(&family);
	}
}
END_TEST

START_TEST(lists)
{
	for (int place = 0; place < nr_places; place++) {
		given(&family, &places[place], "..1133.2.111");
		for (unsigned int first = 0; first < MODEL_CELLS; first++)
			family_list(&family, 0, first);
		family_end(&family);
		given(&family, &places[place], "");
		family_list(&family, 0, 0);
		family_end(&family);
	}
}
END_TEST

static const struct cut {
	const char *before;
	struct cells at;
	const char *after;
} cut_rows[] = {
	{ "..111..", { 0, 1 }, "..111.." }, { "..111..", { 5, 6 }, "..111.." },
	{ "..111..", { 0, 6 }, "......." }, { "..111..", { 2, 4 }, "......." },
	{ "..111..", { 3, 3 }, "..1.1.." }, { "..111..", { 0, 2 }, "...11.." },
	{ "..111..", { 4, 6 }, "..11..." }, { "1122411", { 1, 5 }, "1.....1" },
	{ "1.1.1.1", { 1, 5 }, "1.....1" }, { "1.1.1.1", { 0, 3 }, "....1.1" },
	{ "",        { 0, 9 }, "" },
};

START_TEST(cuts)
{
	const struct cut *row = &cut_rows[_i];

	for (int place = 0; place < nr_places; place++) {
		given(&family, &places[place], row->before);
		family_cut(&family, 0, row->at);
		ck_cells(&family, 0, row->after);
		family_end(&family);
	}
}
END_TEST

/* The same by an unmap that works out, after one that doesn't. */
START_TEST(unmaps)
{
	const struct cut *row = &cut_rows[_i];

	for (int place = 0; place < nr_places; place++) {
		given(&family, &places[place], row->before);
		ck_assert_int_eq(family_unmap(&family, 0, row->at, NO_LIMIT, false), 0);
		ck_cells(&family, 0, row->before);
		ck_assert_int_eq(family_unmap(&family, 0, row->at, NO_LIMIT, true), 0);
		ck_cells(&family, 0, row->after);
		family_end(&family);
	}
}
END_TEST

Suite *add_suite(void)
{
	Suite *suite = suite_create("add");
	TCase *tcase = sealset_tcase("add");

	tcase_add_loop_test(tcase, adds, 0, sizeof(additions) / sizeof(additions[0]));
	tcase_add_test(tcase, order_does_not_matter);
	tcase_add_test(tcase, hits);
	tcase_add_test(tcase, hits_to_the_byte);
	tcase_add_test(tcase, lacks);
	tcase_add_test(tcase, lists);
	tcase_add_loop_test(tcase, cuts, 0, sizeof(cut_rows) / sizeof(cut_rows[0]));
	tcase_add_loop_test(tcase, unmaps, 0, sizeof(cut_rows) / sizeof(cut_rows[0]));
	suite_add_tcase(suite, tcase);
	return suite;
}
