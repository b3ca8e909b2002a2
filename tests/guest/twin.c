// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <string.h>
#include <sys/mman.h>

#include "mem.h"
#include "twin.h"

static void expect(const struct twin *twin, const char *which, long got, int want)
{
	ck_assert_msg(got == -want, "%s, %s: want %d (%s), got %ld (%s)", twin->name,
		      which, want, strerror(want), -got, strerror((int)-got));
}

static long run(const struct twin *twin, char *at)
{
	return twin->op(twin, at + twin->from * page + twin->skew,
			twin->pages * page + twin->extra);
}

static void run_unsealed(const struct twin *twin, char *at)
{
	size_t pages = strlen(twin->layout);
	struct snap *before, *after;

	layout_map(at, twin->layout);
	before = snap_take(at, pages);
	expect(twin, "unsealed", run(twin, at), twin->twin);
	layout_expect(at, twin->after ? twin->after : twin->layout);
	after = snap_take(at, pages);
	/* Or the refusal of the same call would prove nothing. */
	if (twin->after)
		ck_assert_msg(!snap_same(before, after), "%s: no effect", twin->name);
	else
		ck_assert_msg(snap_same(before, after), "%s: an effect", twin->name);
	snap_free(before);
	snap_free(after);
	ck_assert_int_eq(munmap(at, pages * page), 0);
}

static void run_sealed(const struct twin *twin, char *at)
{
	struct snap *before;

	layout_map(at, twin->layout);
	layout_seal(at, twin->layout);
	before = snap_take(at, strlen(twin->layout));
	expect(twin, "sealed", run(twin, at), twin->want);
	if (twin->sealed_after)
		layout_expect(at, twin->sealed_after);
	else
		snap_expect_same(before);
	snap_free(before);
	layout_expect_sealed(at, twin->sealed_after ? twin->sealed_after :
			     twin->layout);
}

void twin_run(const struct twin *twin)
{
	run_unsealed(twin, arena);
	run_sealed(twin, arena);
}
