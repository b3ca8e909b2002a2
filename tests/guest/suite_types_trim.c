// SPDX-License-Identifier: GPL-2.0
/* Seals that permit to unmap go with the memory, and only then. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "type_ops.h"

#define R	PROT_READ
#define RW	(PROT_READ | PROT_WRITE)

/* Sealed with MSEAL_T_PROTECT, which can be seen without a change. */
static const struct trim_row {
	const char *name;
	const char *layout;
	size_t from, pages;
	const char *left;
} trim_rows[] = {
	{ "all", "WWW", 0, 3, "..." },
	{ "head", "WWW", 0, 1, ".WW" },
	{ "tail", "WWW", 2, 1, "WW." },
	{ "middle", "WWW", 1, 1, "W.W" },
	{ "more than all", "wWWr", 0, 4, "...." },
	{ "across two", "WWwRR", 1, 3, "W...R" },
	{ "many", "WRWRWRW", 1, 5, "W.....W" },
	{ "beside", "WWw", 2, 1, "WW." },
};

static void unmapped(int row)
{
	const struct trim_row *t = &trim_rows[row];
	size_t i;

	types_given(arena, t->layout, MSEAL_T_PROTECT);
	ck_assert_int_eq(munmap(arena + t->from * page, t->pages * page), 0);
	layout_expect_sealed(arena, t->left);
	for (i = 0; t->left[i]; i++)
		if (t->left[i] == '.')
			layout_map(arena + i * page, "w");
	for (i = 0; t->left[i]; i++)
		ck_assert_int_eq(is_sealed(arena + i * page), t->left[i] != '.');
}

static void mapped_over(int row)
{
	const struct trim_row *t = &trim_rows[row];
	char *at = arena + t->from * page;
	size_t i;

	types_given(arena, t->layout, MSEAL_T_PROTECT);
	ck_assert_ptr_eq(mmap(at, t->pages * page, RW,
			      MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), at);
	for (i = 0; t->left[i]; i++)
		ck_assert_int_eq(is_sealed(arena + i * page), t->left[i] != '.');
}

static void unmap_middle(void *arg)
{
	(void)arg;
	ck_assert_int_eq(munmap(arena + page, page), 0);
	layout_expect_sealed(arena, "W.W");
}

/* What the child unmaps its parent keeps, and the other way round. */
static void forked(int row)
{
	(void)row;
	types_given(arena, "WWW", MSEAL_T_PROTECT);
	in_child(unmap_middle, NULL);
	layout_expect_sealed(arena, "WWW");
	unmap_middle(NULL);
	in_child(unmap_middle, NULL);
	layout_expect_sealed(arena, "W.W");
}

/* The program break may go down, the seal goes along. */
static void break_goes_down(int row)
{
	char *top = (char *)syscall(SYS_brk, 0), *end;

	(void)row;
	/* malloc() must not notice. */
	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, 0);
	top += -(unsigned long)top & (page - 1);
	end = top + 3 * page;
	ck_assert_ptr_eq((char *)syscall(SYS_brk, end), end);
	ck_assert_int_eq(device_seal(top, 3 * page, MSEAL_T_PROTECT), 0);
	ck_assert_ptr_eq((char *)syscall(SYS_brk, top + page), top + page);
	ck_assert(is_sealed(top));
	ck_assert_ptr_eq((char *)syscall(SYS_brk, end), end);
	ck_assert(is_sealed(top));
	ck_assert(!is_sealed(top + page));
	ck_assert(!is_sealed(top + 2 * page));
}

/* Splits one mapping until there may be no more. */
static void use_up_mappings(char *at)
{
	size_t pages = 2 * file_number("/proc/sys/vm/max_map_count");
	size_t i;

	ck_assert_ptr_eq(mmap(at, pages * page, PROT_NONE, MAP_FIXED | MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), at);
	for (i = 1; i < pages; i += 2)
		if (mprotect(at + i * page, page, R))
			break;
	ck_assert_int_lt(i, pages);
	ck_assert_int_eq(errno, ENOMEM);
}

/* An unmap that fails must not have shed the seal. */
static void too_many_mappings(int row)
{
	char *crowd = arena + 1024 * page;

	(void)row;
	types_given(arena, "WWW", MSEAL_T_PROTECT);
	use_up_mappings(crowd);
	ck_assert_int_eq(munmap(arena + page, page), -1);
	ck_assert_int_eq(errno, ENOMEM);
	layout_expect_sealed(arena, "WWW");
	ck_assert_ptr_eq(mmap(arena + page, page, R, MAP_FIXED | MAP_PRIVATE |
			      MAP_ANONYMOUS, -1, 0), MAP_FAILED);
	ck_assert_int_eq(errno, ENOMEM);
	layout_expect_sealed(arena, "WWW");
	ck_assert_int_eq(munmap(crowd, 1024 * page), 0);
	ck_assert_int_eq(munmap(arena + page, page), 0);
	layout_expect_sealed(arena, "W.W");
}

static const struct test_case cases[] = {
	ROWS(unmapped, trim_rows),
	ROWS(mapped_over, trim_rows),
	CASE(forked),
	CASE(break_goes_down),
	LONG_CASE(too_many_mappings, 300),
};

SUITE(types_trim, cases, ENTRY_USUAL);
