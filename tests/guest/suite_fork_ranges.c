// SPDX-License-Identifier: GPL-2.0
/*
 * What a child doesn't inherit may leave two sealed ranges of one. Generation after
 * generation a family could have more of them than anybody may seal; up to twice as
 * many it may.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "settle.h"

/* Each with a mapping of its own, and one in between. */
#define HOLES		30000
#define NEXT		16
#define PAGES		((size_t)HOLES * NEXT)
#define MOST		65530
/* The last that may be, and the one that is too much. */
#define ALLOWED		(2 * MOST / HOLES)

static char *hole(int generation, long n)
{
	return arena + (n * NEXT + 2 * generation) * page;
}

static void map(char *at, size_t size)
{
	ck_assert_ptr_eq(mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0), at);
}

static void expect_ranges(int generation)
{
	ck_assert_int_eq(device_count(arena), 1 + (long)generation * HOLES);
	ck_assert_int_eq(munmap(hole(generation, HOLES - 1) - page, page), -1);
	ck_assert_int_eq(errno, EPERM);
}

/* Into what the parent has kept for itself; with the rest it is one mapping again. */
static void fill_holes(int generation)
{
	long i;

	for (i = 0; i < HOLES; i++)
		map(hole(generation, i), page);
}

/* In each generation but the last the child goes on; its parent says what became of it. */
static void live(int generation)
{
	int status;
	pid_t pid;
	long i;

	expect_ranges(generation);
	if (generation)
		fill_holes(generation);
	for (i = 0; i < HOLES; i++)
		ck_assert_int_eq(madvise(hole(generation + 1, i), page, MADV_DONTFORK), 0);
	pid = fork();
	if (!pid) {
		live(generation + 1);
		_exit(EXIT_SUCCESS);
	}
	ck_assert_int_gt(pid, 0);
	status = wait_status(pid);
	if (generation + 1 == ALLOWED)
		ck_assert_int_eq(status, SIGKILL);
	else
		ck_assert_int_eq(status, 0);
	ck_assert_int_eq(device_count(arena), 1 + (long)generation * HOLES);
}

static void first(void *arg)
{
	(void)arg;
	map(arena, PAGES * page);
	ck_assert_int_eq(device_seal(arena, PAGES * page, MSEAL_T_NATIVE), 0);
	live(0);
}

static bool forgotten(void *arg)
{
	(void)arg;
	return !device_info().ranges;
}

static void generations(int row)
{
	(void)row;
	need_root();
	if (file_number("/proc/sys/vm/max_map_count") < MOST)
		skip("fewer mappings are allowed than sealed ranges");
	ck_assert_uint_eq(device_info().max_ranges, MOST);
	in_child(first, NULL);
	ck_assert(settles(forgotten, NULL));
}

static const struct test_case cases[] = {
	LONG_CASE(generations, 300),
};

SUITE(fork_ranges, cases, ENTRY_USUAL);
