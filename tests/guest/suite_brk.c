// SPDX-License-Identifier: GPL-2.0
/* brk(): a shrink over a seal changes nothing, and all it says is the old break. */
#define _GNU_SOURCE
#include <limits.h>
#include <malloc.h>
#include <string.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"

#define HEAP_PAGES	4

static char *brk_to(char *to)
{
	return (char *)entry_call(CALL_BRK, to, 0, 0);
}

/*
 * So many fresh pages below the break.  malloc() must not notice: it returns
 * nothing, and maps what it lacks from now on.
 */
static char *grow_heap(void)
{
	char *old, *at;

	ck_assert_int_eq(mallopt(M_TRIM_THRESHOLD, INT_MAX), 1);
	ck_assert_int_eq(mallopt(M_MMAP_THRESHOLD, 0), 1);
	old = brk_to(NULL);
	at = (char *)(((unsigned long)old + page - 1) & -page);
	if (entry_used() == ENTRY_INT80 && (unsigned long)at >> 31)
		skip("the heap is beyond the reach of 32 bits");
	ck_assert_ptr_eq(brk_to(at + HEAP_PAGES * page), at + HEAP_PAGES * page);
	memset(at, 0x21, HEAP_PAGES * page);
	return at;
}

static const struct row {
	const char *name;
	int sealed;	/* page, of those just below the break */
	int shrink_to;
	bool refused;
} rows[] = {
	{ "last page", 3, 3, true },
	{ "seal at the new break", 2, 2, true },
	{ "seal in the middle", 1, 0, true },
	{ "seal just below the new break", 1, 2, false },
	{ "no seal", -1, 0, false },
};

static void shrink(int number)
{
	const struct row *row = &rows[number];
	char *at = grow_heap(), *end = at + HEAP_PAGES * page;
	char *to = at + row->shrink_to * page;
	struct snap *before;

	if (row->sealed >= 0)
		ck_assert_int_eq(seal(at + row->sealed * page, page), 0);
	before = snap_take(at, row->refused ? HEAP_PAGES : row->shrink_to);
	ck_assert_ptr_eq(brk_to(to), row->refused ? end : to);
	ck_assert_ptr_eq(brk_to(NULL), row->refused ? end : to);
	snap_expect_same(before);
	if (!row->refused)
		ck_assert(!is_mapped(to));
	end = brk_to(NULL) + page;
	ck_assert_ptr_eq(brk_to(end), end);
	ck_assert(is_mapped(end - page));
	ck_assert_ptr_eq(brk_to(end - page), end - page);
	ck_assert(!is_mapped(end - page));
	snap_expect_same(before);
}

/* To an address within a page, which shrinks by no page. */
static void shrink_within_a_page(int row)
{
	char *end = grow_heap() + HEAP_PAGES * page;

	(void)row;
	ck_assert_int_eq(seal(end - page, page), 0);
	ck_assert_ptr_eq(brk_to(end - 16), end - 16);
	ck_assert_ptr_eq(brk_to(end - page), end - 16);
	ck_assert_ptr_eq(brk_to(end), end);
	ck_assert_int_eq(end[-1], 0x21);
}

static const struct test_case cases[] = {
	ROWS(shrink, rows),
	CASE(shrink_within_a_page),
};

SUITE(brk, cases, ENTRY_USUAL);
SUITE(brk_int80, cases, ENTRY_INT80);
