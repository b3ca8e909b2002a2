// SPDX-License-Identifier: GPL-2.0
/* mseal() itself: its checks, their order, and what a failed call leaves. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "hugetlb.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"

static void expect_seal(unsigned long addr, unsigned long len, unsigned long flags,
			int want)
{
	errno = 0;
	ck_assert_msg(seal_flags(addr, len, flags) == (want ? -1 : 0) && errno == want,
		      "mseal(%#lx, %#lx, %#lx): want %d, got %d (%s)", addr, len, flags,
		      want, errno, strerror(errno));
}

static const struct call_row {
	const char *name;
	const char *layout;
	long addr, pages, extra;	/* from the arena's start */
	unsigned long flags;
	int want;
	const char *sealed;		/* NULL: nothing */
} calls[] = {
	{ "flag bit 0", "www", 0, 3, 0, 1, EINVAL, NULL },
	{ "flag bit 5", "www", 0, 3, 0, 0x20, EINVAL, NULL },
	{ "flag bit 31", "www", 0, 3, 0, 1UL << 31, EINVAL, NULL },
	{ "flag bit 63", "www", 0, 3, 0, 1UL << 63, EINVAL, NULL },
	{ "flags with length 0", "www", 0, 0, 0, 1, EINVAL, NULL },
	{ "flags with a hole", "w.w", 0, 3, 0, 1, EINVAL, NULL },
	{ "flags with a bad address", "www", 1, 3, 0, 1, EINVAL, NULL },
	{ "unaligned by 1", "www", 1, 1, 0, 0, EINVAL, NULL },
	{ "unaligned by a page less 1", "www", 4095, 1, 0, 0, EINVAL, NULL },
	{ "unaligned with length 0", "www", 1, 0, 0, 0, EINVAL, NULL },
	{ "unaligned and unmapped", "...", 1, 1, 0, 0, EINVAL, NULL },
	{ "unaligned and unmapped, length 0", "...", 1, 0, 0, 0, EINVAL, NULL },
	{ "length rounds to 0", "www", 0, 0, -1, 0, EINVAL, NULL },
	{ "length just rounds to 0", "www", 0, 0, -4095, 0, EINVAL, NULL },
	{ "length rounds to 0, unmapped", "...", 0, 0, -1, 0, EINVAL, NULL },
	{ "range wraps", "www", 0, -1, 0, 0, EINVAL, NULL },
	{ "range wraps, unmapped", "...", 0, -1, 0, 0, EINVAL, NULL },
	{ "range wraps, half of the space", "www", 0, 0, LONG_MIN, 0, ENOMEM, NULL },
	{ "length 0", "www", 0, 0, 0, 0, 0, NULL },
	{ "length 0, unmapped", "...", 0, 0, 0, 0, 0, NULL },
	{ "hole at the start", ".ww", 0, 3, 0, 0, ENOMEM, NULL },
	{ "hole in the middle", "w.w", 0, 3, 0, 0, ENOMEM, NULL },
	{ "hole at the end", "ww.", 0, 3, 0, 0, ENOMEM, NULL },
	{ "hole reached by rounding", "ww.", 0, 2, 1, 0, ENOMEM, NULL },
	{ "nothing mapped", "...", 0, 3, 0, 0, ENOMEM, NULL },
	{ "hole behind many mappings", "wrnsgfpe.", 0, 9, 0, 0, ENOMEM, NULL },
	{ "one page", "www", 4096, 1, 0, 0, 0, "wWw" },
	{ "whole mapping", "www", 0, 3, 0, 0, 0, "WWW" },
	{ "many mappings", "wrnsgfpehqd", 0, 11, 0, 0, 0, "WRNSGFPEHQD" },
	{ "parts of two mappings", "wwrr", 4096, 2, 0, 0, 0, "wWRr" },
	{ "length 1", "www", 0, 0, 1, 0, 0, "Www" },
	{ "length of a page and 1", "www", 0, 1, 1, 0, 0, "WWw" },
	{ "length of a page less 1", "www", 0, 1, -1, 0, 0, "Www" },
	{ "already sealed", "WWW", 0, 3, 0, 0, 0, "WWW" },
	{ "already sealed, a part", "WWW", 4096, 1, 0, 0, 0, "WWW" },
	{ "partly sealed", "wWw", 0, 3, 0, 0, 0, "WWW" },
	{ "overlapping start", "WWw", 4096, 2, 0, 0, 0, "WWW" },
	{ "between two seals", "WwW", 4096, 1, 0, 0, 0, "WWW" },
	{ "sealed, flags", "WWW", 0, 3, 0, 1, EINVAL, "WWW" },
	{ "sealed, then a hole", "WW.", 0, 3, 0, 0, ENOMEM, "WW." },
	{ "sealed, length 0", "WWw", 0, 0, 0, 0, 0, "WWw" },
};

static void call(int row)
{
	const struct call_row *c = &calls[row];
	size_t pages = strlen(c->layout);
	unsigned long addr = (unsigned long)arena + c->addr;
	struct snap *before;

	layout_map(arena, c->layout);
	layout_seal(arena, c->layout);
	before = snap_take(arena, pages);
	expect_seal(addr, c->pages * page + c->extra, c->flags, c->want);
	snap_expect_same(before);
	layout_expect_sealed(arena, c->sealed ? c->sealed : c->layout);
	if (!c->sealed)
		ck_assert_int_eq(munmap(arena, pages * page), 0);
}

static const struct odd_address {
	const char *name;
	unsigned long addr, len;
	int want;
} odd_addresses[] = {
	{ "last page", -4096UL, 4096, EINVAL },
	{ "last page, to its last byte", -4096UL, 4095, EINVAL },
	{ "last page but one", -8192UL, 4096, ENOMEM },
	{ "last page, length 0", -4096UL, 0, 0 },
	{ "page 0", 0, 4096, ENOMEM },
	{ "page 0, length 0", 0, 0, 0 },
	{ "everything below the last page", 0, -4096UL, ENOMEM },
#ifdef __x86_64__
	{ "kernel", 0xffff888000000000, 4096, ENOMEM },
	{ "kernel, length 0", 0xffff888000000000, 0, 0 },
	{ "kernel text", 0xffffffff81000000, 4096, ENOMEM },
	{ "non-canonical, lowest", 0x0000800000000000, 4096, ENOMEM },
	{ "non-canonical, highest", 0xffff7ffffffff000, 4096, ENOMEM },
	{ "non-canonical, length 0", 0x0000800000000000, 0, 0 },
	{ "from below into the non-canonical", 0x00007ffffffff000, 8192, ENOMEM },
	{ "vsyscall", 0xffffffffff600000, 4096, ENOMEM },
#endif
};

static void odd(int row)
{
	const struct odd_address *o = &odd_addresses[row];

	expect_seal(o->addr, o->len, 0, o->want);
	expect_seal(o->addr, o->len, 1, EINVAL);
	expect_seal(o->addr + 1, o->len, 0, EINVAL);
}

#ifdef __x86_64__
/* Without linear address masking the tag is a part of the address. */
static void tagged(int row)
{
	(void)row;
	layout_map(arena, "w");
	expect_seal((unsigned long)arena | 1UL << 57, page, 0, ENOMEM);
	ck_assert_int_eq(munmap(arena, page), 0);
}
#endif

/* Each call adds to what is there, whatever the order. */
static void piecewise(int row)
{
	static const int order[] = { 5, 0, 3, 7, 1, 6, 2, 4 };
	char now[] = "wwwwwwww";
	size_t i;

	(void)row;
	layout_map(arena, now);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		expect_seal((unsigned long)arena + order[i] * page, page, 0, 0);
		now[order[i]] = 'W';
		layout_expect_sealed(arena, now);
	}
	ck_assert_int_eq(munmap(arena, page), -1);
	ck_assert_int_eq(errno, EPERM);
}

/* A failed call must leave each piece as free as it was. */
static void hole_leaves_all_free(int row)
{
	(void)row;
	layout_map(arena, "wwwww.rr");
	expect_seal((unsigned long)arena, 8 * page, 0, ENOMEM);
	ck_assert_int_eq(munmap(arena, page), 0);
	ck_assert_int_eq(mprotect(arena + page, page, PROT_READ), 0);
	ck_assert_ptr_eq(mmap(arena + 2 * page, page, PROT_READ, MAP_FIXED |
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), arena + 2 * page);
	ck_assert_int_eq(munmap(arena + 4 * page, 3 * page), 0);
	layout_expect(arena, ".rrw...r");
}

static void hugetlb_whole(int row)
{
	size_t huge = hugetlb_size();

	(void)row;
	hugetlb_map(arena, 2);
	expect_seal((unsigned long)arena, huge, 0, 0);
	/* Nothing has to be cut for what is sealed already. */
	expect_seal((unsigned long)arena + page, page, 0, 0);
	expect_seal((unsigned long)arena + page, huge, 0, EINVAL);
	ck_assert_int_eq(munmap(arena, huge), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(munmap(arena + huge, huge), 0);
}

static void hugetlb_cut(int row)
{
	size_t huge = hugetlb_size();
	unsigned long at = (unsigned long)arena;

	(void)row;
	hugetlb_map(arena, 2);
	expect_seal(at, page, 0, EINVAL);
	expect_seal(at + page, huge - page, 0, EINVAL);
	expect_seal(at + page, huge, 0, EINVAL);
	expect_seal(at, huge + page, 0, EINVAL);
	expect_seal(at, huge + 1, 0, EINVAL);
	/* A hole is found first. */
	expect_seal(at + page, 2 * huge, 0, ENOMEM);
	ck_assert_int_eq(munmap(arena, 2 * huge), 0);
}

static void hugetlb_cut_behind_others(int row)
{
	size_t huge = hugetlb_size();

	(void)row;
	layout_map(arena + huge - 2 * page, "ww");
	hugetlb_map(arena + huge, 1);
	expect_seal((unsigned long)arena + huge - 2 * page, 3 * page, 0, EINVAL);
	ck_assert_int_eq(munmap(arena + huge - 2 * page, 2 * page + huge), 0);
}

static const struct test_case cases[] = {
	ROWS(call, calls),
	ROWS(odd, odd_addresses),
#ifdef __x86_64__
	CASE(tagged),
#endif
	CASE(piecewise),
	CASE(hole_leaves_all_free),
	CASE(hugetlb_whole),
	CASE(hugetlb_cut),
	CASE(hugetlb_cut_behind_others),
};

static const struct test_case tagged_cases[] = {
	ROWS(call, calls),
	CASE(piecewise),
	CASE(hole_leaves_all_free),
};

SUITE(args, cases, ENTRY_USUAL);
SUITE(args_tagged, tagged_cases, ENTRY_TAGGED);
