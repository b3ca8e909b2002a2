// SPDX-License-Identifier: GPL-2.0
/*
 * Checks are patched into the kernel's text while anything is sealed.  Patching
 * stops every CPU, so whoever seals and exits can't have it done at will.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"
#include "tracefs.h"

#define CYCLES	10000
#define BURSTS	5
#define FAILURES	1000
/* Until the checks are out again. */
#define LINGERS_USEC	2300000

static void seal_and_exit(void *arg)
{
	(void)arg;
	layout_map(arena, "w");
	ck_assert_msg(!seal(arena, page), "seal: %s", strerror(errno));
}

static bool nothing_sealed(void *arg)
{
	(void)arg;
	return !device_info().spaces;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void begin(void)
{
	sealer_open();
	if (sealer_fd() < 0)
		skip("no device");
	if (!settles(nothing_sealed, NULL))
		skip("other processes hold seals");
}

/* Between bursts the checks have just gone out: the worst moment for them to come. */
static void seals_and_exits(int row)
{
	long cycles = scaled(CYCLES), i, flips;
	double began, seconds;

	(void)row;
	begin();
	trace_calls_of("arch_jump_label_transform_apply");
	began = now();
	for (i = 0; i < cycles; i++) {
		if (i % (cycles / BURSTS + 1) == 0)
			usleep(LINGERS_USEC);
		in_child(seal_and_exit, NULL);
	}
	seconds = now() - began;
	flips = trace_called();
	note("%ld processes sealed and ended: the checks were patched in or out %ld times in %.1f s",
	     cycles, flips, seconds);
	/* In and out: else they weren't seen. */
	ck_assert_int_ge(flips, 2);
	ck_assert_int_le(flips, (long)seconds + 1);
}

/* A seal that fails has the checks patched in as well, and leaves nothing sealed. */
static void failed_seals(int row)
{
	double began, seconds;
	long i, kicks;

	(void)row;
	begin();
	usleep(LINGERS_USEC);
	trace_calls_of("kick_all_cpus_sync");
	began = now();
	for (i = 0; i < FAILURES; i++)
		ck_assert_int_eq(device_seal(arena, page, MSEAL_T_NATIVE), -ENOMEM);
	seconds = now() - began;
	kicks = trace_called();
	note("%d seals failed: all CPUs were interrupted %ld times in %.1f s", FAILURES,
	     kicks, seconds);
	/* On arm64 patching interrupts them, too. */
	ck_assert_int_ge(kicks, 1);
	ck_assert_int_le(kicks, 2 * ((long)seconds + 1));
}

static const struct test_case cases[] = {
	LONG_CASE(seals_and_exits, 1200),
	CASE(failed_seals),
};

SUITE(flips, cases, ENTRY_USUAL);
