/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_CASES_H
#define _MSEAL_TEST_CASES_H

#include <check.h>
#include <stddef.h>

#include "entry.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * A case is a function that Check runs in a process of its own, once for each
 * row of a table if it has one.  It is called suite/function or
 * suite/function:row; a row begins with its name.
 */
struct test_case {
	const char *name;
	void (*fn)(int row);
	const char *file;
	const void *rows;
	size_t row_size;
	int nr_rows;
	double seconds;		/* 0: the usual limit */
};

#define CASE(f)		{ .name = #f, .fn = f, .file = __FILE__ }
#define LONG_CASE(f, s)	{ .name = #f, .fn = f, .file = __FILE__, .seconds = s }
#define ROWS(f, table)	{ .name = #f, .fn = f, .file = __FILE__, .rows = table, \
			  .row_size = sizeof((table)[0]), .nr_rows = ARRAY_SIZE(table) }
#define LONG_ROWS(f, table, s) \
			{ .name = #f, .fn = f, .file = __FILE__, .rows = table, \
			  .row_size = sizeof((table)[0]), \
			  .nr_rows = ARRAY_SIZE(table), .seconds = s }

struct test_suite {
	const char *name;
	const struct test_case *cases;
	size_t nr_cases;
	enum entry entry;
};

#define SUITE(n, table, entry)	\
	const struct test_suite n##_suite = { #n, table, ARRAY_SIZE(table), entry }

extern const struct test_suite args_suite, munmap_suite, munmap_int80_suite,
	mmap_suite, mmap_int80_suite, mprotect_suite, mprotect_int80_suite,
	kinds_suite, fork_suite, share_suite, i386_suite,
	device_suite, info_suite, module_suite, library_suite, library_device_suite,
	library_query_suite, library_stress_suite,
	mremap_suite, mremap_int80_suite, madvise_suite, madvise_int80_suite,
	madvise_range_suite, madvise_range_int80_suite, madvise_process_suite,
	madvise_first_suite, madvise_first_int80_suite, madvise_uffd_suite,
	brk_suite, brk_int80_suite, shm_suite, shm_int80_suite, aio_suite,
	io_uring_suite, tracer_suite, reclaim_suite, oom_suite,
	args_tagged_suite, munmap_tagged_suite, mprotect_tagged_suite,
	mremap_tagged_suite, madvise_tagged_suite, madvise_range_tagged_suite,
	madvise_first_tagged_suite, io_uring_tagged_suite,
	types_suite, types_upgrade_suite, types_trim_suite, types_random_suite,
	types_report_suite, kill_suite, trace_suite, query_suite, limits_suite,
	query_process_suite, query_end_suite, cgroup_suite, cgroup_fork_suite, fork_ranges_suite, stress_suite,
	flips_suite,
	race_suite, race_paths_suite, storm_suite, race_life_suite,
	race_outside_suite, types_race_suite, stripes_suite,
	serve_suite, serve_int80_suite, serve_tracer_suite, serve_module_suite,
	serve_process_suite, query_stalled_suite;

/* MSEAL_TEST_SCALE times the usual count, at least 1. */
long scaled(long count);

/* MSEAL_TEST_SEED, 1 by default: what is at random is the same again with the same. */
unsigned long test_seed(void);

#endif /* _MSEAL_TEST_CASES_H */
