// SPDX-License-Identifier: GPL-2.0
/* Permissions that may fall, but never rise. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "type_ops.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define R	PROT_READ
#define RW	(PROT_READ | PROT_WRITE)
#define RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

/* Away from the sealed place, for the same without a seal. */
#define TWIN	(arena + 64 * page)

static const struct change {
	const char *name;
	const char *layout;
	int prot;
	int want;
	const char *after;	/* if it passes, and of the unsealed twin */
	int twin;		/* errno without the seal */
} changes[] = {
	{ "rw to r", "W", R, 0, "r", 0 },
	{ "rw to none", "W", PROT_NONE, 0, "n", 0 },
	{ "rw to rw", "W", RW, 0, "w", 0 },
	{ "rw to rwx", "W", RWX, EPERM, "e", 0 },
	{ "rwx to rw", "E", RW, 0, "w", 0 },
	{ "rwx to r", "E", R, 0, "r", 0 },
	{ "rwx to none", "E", PROT_NONE, 0, "n", 0 },
	{ "r to r", "R", R, 0, "r", 0 },
	{ "r to none", "R", PROT_NONE, 0, "n", 0 },
	{ "r to rw", "R", RW, EPERM, "w", 0 },
	{ "none to r", "N", R, EPERM, "r", 0 },
	{ "none to none", "N", PROT_NONE, 0, "n", 0 },
	{ "shared, rw to r", "S", R, 0, "q", 0 },
	{ "shared, r to rw", "Q", RW, EPERM, "s", 0 },
	{ "private file, rw to r", "P", R, 0, "f", 0 },
	{ "private file, r to rw", "F", RW, EPERM, "p", 0 },
	{ "shared file, rw to r", "G", R, 0, "h", 0 },
	{ "shared file that may not be written, r to rw", "H", RW, EACCES, "h", EACCES },
	{ "rise before the seal", "nW", R, 0, "rr", 0 },
	{ "rise behind the seal", "Wn", R, 0, "rr", 0 },
	{ "seal behind others", "neR", RW, EPERM, "www", 0 },
	{ "seals of several mappings", "WER", R, 0, "rrr", 0 },
	{ "one of several seals", "WEN", R, EPERM, "rrr", 0 },
	{ "hole behind a fall", "W.", R, ENOMEM, "r.", ENOMEM },
	{ "hole before a rise", "w.R", RW, EPERM, "w.r", ENOMEM },
};

static long set(char *at, const struct change *c)
{
	return mprotect(at, strlen(c->layout) * page, c->prot) ? errno : 0;
}

static void changed(int row)
{
	const struct change *c = &changes[row];
	struct snap *before;

	types_given(TWIN, c->layout, 0);
	ck_assert_int_eq(set(TWIN, c), c->twin);
	layout_expect(TWIN, c->after);

	types_given(arena, c->layout, MSEAL_T_UPGRADE);
	before = snap_take(arena, strlen(c->layout));
	ck_assert_int_eq(set(arena, c), c->want);
	if (c->want == EPERM)
		snap_expect_same(before);
	else
		layout_expect(arena, c->after);
	snap_free(before);
}

static void never_back(int row)
{
	(void)row;
	types_given(arena, "E", MSEAL_T_UPGRADE);
	ck_assert_int_eq(mprotect(arena, page, RW), 0);
	ck_assert_int_eq(mprotect(arena, page, RWX), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(mprotect(arena, page, R), 0);
	ck_assert_int_eq(mprotect(arena, page, RW), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(mprotect(arena, page, PROT_NONE), 0);
	ck_assert_int_eq(mprotect(arena, page, R), -1);
	ck_assert_int_eq(errno, EPERM);
	layout_expect(arena, "n");
}

static const struct change implied[] = {
	{ "w to r", "W", R, EPERM, "x", 0 },
	{ "w to none", "W", PROT_NONE, 0, "n", 0 },
	{ "e to r", "E", R, 0, "x", 0 },
	{ "behind another", "nW", R, EPERM, "xx", 0 },
	{ "behind another that may fall", "nE", R, 0, "xx", 0 },
};

/* To read means to execute, too; 'x' is both. */
static void read_implies_exec(int row)
{
	const struct change *c = &implied[row];
	struct snap *before;
	size_t i;

	types_given(TWIN, c->layout, 0);
	types_given(arena, c->layout, MSEAL_T_UPGRADE);
	before = snap_take(arena, strlen(c->layout));
	ck_assert_int_ge(personality(READ_IMPLIES_EXEC), 0);
	ck_assert_int_eq(set(TWIN, c), 0);
	ck_assert_int_eq(set(arena, c), c->want);
	if (c->want)
		snap_expect_same(before);
	for (i = 0; c->after[i]; i++) {
		int want = c->after[i] == 'x' ? PROT_READ | PROT_EXEC : PROT_NONE;

		ck_assert_int_eq(page_prot(TWIN + i * page), want);
		if (!c->want)
			ck_assert_int_eq(page_prot(arena + i * page), want);
	}
	snap_free(before);
}

static long set_keyed(char *at, size_t len, int prot, long key)
{
	return syscall(SYS_pkey_mprotect, at, len, prot, key) ? errno : 0;
}

/* A key is no permission: it stays. */
static void keys(int row)
{
	long key = syscall(SYS_pkey_alloc, 0, 0);

	(void)row;
	if (key < 0)
		skip("no protection keys");
	types_given(TWIN, "nW", 0);
	ck_assert_int_eq(set_keyed(TWIN, 2 * page, R, key), 0);
	types_given(arena, "nW", MSEAL_T_UPGRADE);
	ck_assert_int_eq(set_keyed(arena, 2 * page, R, key), EPERM);
	layout_expect(arena, "nw");
	ck_assert_int_eq(set_keyed(arena + page, page, RW, key), EPERM);
	ck_assert_int_eq(set_keyed(arena, 2 * page, R, 0), 0);
	layout_expect(arena, "rr");
	ck_assert_int_eq(set_keyed(arena + page, page, R, -1), 0);
}

/* Where there are keys, what may only be executed gets one of its own. */
static void execute_only(int row)
{
	bool keyed = syscall(SYS_pkey_alloc, 0, 0) >= 0;
	const int want = keyed ? EPERM : 0;

	(void)row;
	types_given(arena, "wE", MSEAL_T_UPGRADE);
	ck_assert_int_eq(mprotect(arena, 2 * page, PROT_EXEC) ? errno : 0, want);
	if (want)
		layout_expect(arena, "we");
	note("execute only: %s", keyed ? "refused, another key" : "passed, no keys");
}

/* The key that it had for this alone goes with it. */
static void no_longer_execute_only(int row)
{
	bool keyed = syscall(SYS_pkey_alloc, 0, 0) >= 0;
	const int want = keyed ? EPERM : 0;

	(void)row;
	types_given(TWIN, "we", 0);
	ck_assert_int_eq(mprotect(TWIN + page, page, PROT_EXEC), 0);
	ck_assert_int_eq(mprotect(TWIN, 2 * page, PROT_NONE), 0);
	layout_expect(TWIN, "nn");

	types_given(arena, "we", 0);
	ck_assert_int_eq(mprotect(arena + page, page, PROT_EXEC), 0);
	ck_assert_int_eq(device_seal(arena + page, page, MSEAL_T_UPGRADE), 0);
	ck_assert_int_eq(mprotect(arena, 2 * page, PROT_NONE) ? errno : 0, want);
	ck_assert_int_eq(page_prot(arena), want ? RW : PROT_NONE);
	ck_assert_int_eq(page_prot(arena + page), want ? PROT_EXEC : PROT_NONE);
	/* By itself it is judged by what it really gets. */
	ck_assert_int_eq(mprotect(arena + page, page, PROT_NONE) ? errno : 0, want);
	note("execute only, to none: %s", keyed ? "refused, another key" : "passed, no keys");
}

/* With their square it takes minutes; where mappings are scarce, five in six of them. */
#define CROWD	12000
#define TIMES_MORE	50

static double seconds_now(void)
{
	struct timespec now;

	ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Seconds that it takes to give as many mappings the protection that they have. */
static double change_crowd(char *at, size_t mappings)
{
	double begin = seconds_now();

	ck_assert_int_eq(mprotect(at, mappings * page, PROT_NONE), 0);
	return seconds_now() - begin;
}

static void map_crowd(char *at, size_t mappings)
{
	size_t i;

	ck_assert_ptr_eq(mmap(at, mappings * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
			      MAP_FIXED_NOREPLACE, -1, 0), at);
	for (i = 0; i < mappings; i += 2)
		if (madvise(at + i * page, page, MADV_DONTDUMP))
			ck_abort_msg("mapping %zu: %s", i, strerror(errno));
}

/* All that follows is judged once, not again with each mapping. */
static void crowd(int row)
{
	size_t most = file_number("/proc/sys/vm/max_map_count") / 6 * 5;
	size_t mappings = most < CROWD ? most : CROWD;
	char *other = arena + 2 * CROWD * page;
	double free;

	(void)row;
	map_crowd(other, mappings);
	free = change_crowd(other, mappings);
	ck_assert_int_eq(munmap(other, mappings * page), 0);
	map_crowd(arena, mappings);
	ck_assert_int_eq(device_seal(arena + (mappings - 1) * page, page, MSEAL_T_UPGRADE), 0);
	ck_assert_double_lt(change_crowd(arena, mappings), TIMES_MORE * free + 1);
}

static const struct test_case cases[] = {
	ROWS(changed, changes),
	CASE(never_back),
	ROWS(read_implies_exec, implied),
	CASE(keys),
	CASE(execute_only),
	CASE(no_longer_execute_only),
	LONG_CASE(crowd, 120),
};

SUITE(types_upgrade, cases, ENTRY_USUAL);
