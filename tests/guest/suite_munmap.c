// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "twin.h"

static long op_munmap(const struct twin *twin, char *addr, size_t len)
{
	(void)twin;
	return done(entry_call(CALL_MUNMAP, addr, len, 0));
}

static const struct twin refusals[] = {
	{ "whole", "W", op_munmap, 0, 1, .want = EPERM, .after = "." },
	{ "several pages", "WWWW", op_munmap, 0, 4, .want = EPERM, .after = "...." },
	{ "one of several", "WWWW", op_munmap, 1, 1, .want = EPERM, .after = "w.ww" },
	{ "span", "wWw", op_munmap, 0, 3, .want = EPERM, .after = "..." },
	{ "straddle start", "wWWw", op_munmap, 0, 2, .want = EPERM, .after = "..ww" },
	{ "straddle end", "wWWw", op_munmap, 2, 2, .want = EPERM, .after = "ww.." },
	{ "first of two mappings", "Rw", op_munmap, 0, 2, .want = EPERM, .after = ".." },
	{ "second of two mappings", "wR", op_munmap, 0, 2, .want = EPERM, .after = ".." },
	{ "two seals", "WwwW", op_munmap, 0, 4, .want = EPERM, .after = "...." },
	{ "many mappings, last one", "wrsfW", op_munmap, 0, 5, .want = EPERM,
	  .after = "....." },
	{ "hole before", ".W", op_munmap, 0, 2, .want = EPERM, .after = ".." },
	{ "hole after", "W.", op_munmap, 0, 2, .want = EPERM, .after = ".." },
	{ "hole between", "w.W", op_munmap, 0, 3, .want = EPERM, .after = "..." },
	{ "length 1", "W", op_munmap, 0, 0, .extra = 1, .want = EPERM, .after = "." },
	{ "length rounded into the seal", "wW", op_munmap, 0, 1, .extra = 1,
	  .want = EPERM, .after = ".." },
};

static void refused(int row)
{
	twin_run(&refusals[row]);
}

/* What a seal doesn't concern: other errors come first, neighbours go. */
static const struct twin others[] = {
	{ "length 0", "W", op_munmap, 0, 0, .want = EINVAL, .twin = EINVAL },
	{ "unaligned", "WW", op_munmap, 0, 1, .skew = 1, .want = EINVAL,
	  .twin = EINVAL },
	{ "page before", "wW", op_munmap, 0, 1, .after = ".w", .sealed_after = ".W" },
	{ "page after", "Ww", op_munmap, 1, 1, .after = "w.", .sealed_after = "W." },
	{ "page between", "WwW", op_munmap, 1, 1, .after = "w.w",
	  .sealed_after = "W.W" },
	{ "hole between", "W.W", op_munmap, 1, 1, .want = 0 },
	{ "length rounded up to the seal", "wwW", op_munmap, 0, 1, .extra = 1,
	  .after = "..w", .sealed_after = "..W" },
};

static void other(int row)
{
	twin_run(&others[row]);
}

static void length_wraps(int row)
{
	const struct twin twin = { "length wraps", "W", op_munmap, 0, 0,
				   .extra = LONG_MAX, .want = EINVAL, .twin = EINVAL };

	(void)row;
	twin_run(&twin);
}

static const struct test_case cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	CASE(length_wraps),
};

static const struct test_case int80_cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
};

SUITE(munmap, cases, ENTRY_USUAL);
SUITE(munmap_int80, int80_cases, ENTRY_INT80);
SUITE(munmap_tagged, cases, ENTRY_TAGGED);
