// SPDX-License-Identifier: GPL-2.0
/*
 * IORING_OP_MADVISE, inline, by a worker and by a polling thread.  So far all
 * kernels have handed it to a worker in the end, but nothing says that they must.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "entry.h"
#include "first.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "twin.h"
#include "uring.h"

static struct uring ring;

static const struct way {
	const char *name;
	unsigned int setup, sqe;
} ways[] = {
	{ "inline", 0, 0 },
	{ "worker", 0, IOSQE_ASYNC },
	{ "polling thread", IORING_SETUP_SQPOLL, 0 },
};

static const struct way *way;

static long op_madvise(const struct twin *twin, char *addr, size_t len)
{
	return uring_madvise(&ring, (char *)entry_address((unsigned long)addr), len,
			     (int)twin->arg, way->sqe);
}

#define ROW(name, layout, pages, advice, ...) \
	{ name, layout, op_madvise, 0, pages, .arg = advice, __VA_ARGS__ }

static const struct twin twins[] = {
	ROW("DONTNEED", "R", 1, MADV_DONTNEED, .want = EPERM, .after = "r"),
	ROW("DONTNEED, no access", "N", 1, MADV_DONTNEED, .want = EPERM, .after = "n"),
	ROW("DONTNEED, hole before", ".R", 2, MADV_DONTNEED, .want = EPERM,
	    .twin = ENOMEM, .after = ".r"),
	ROW("DONTNEED, writable", "W", 1, MADV_DONTNEED, .after = "w",
	    .sealed_after = "W"),
	ROW("DONTNEED, file", "F", 1, MADV_DONTNEED, .want = 0),
	ROW("DONTNEED, hole", ".R", 1, MADV_DONTNEED, .want = ENOMEM, .twin = ENOMEM),
	ROW("DONTNEED, page before", "rR", 1, MADV_DONTNEED, .after = "rr",
	    .sealed_after = "rR"),
	ROW("DONTFORK", "R", 1, MADV_DONTFORK, .want = EPERM),
	ROW("WIPEONFORK", "R", 1, MADV_WIPEONFORK, .want = EPERM),
	ROW("REMOVE", "R", 1, MADV_REMOVE, .want = EPERM, .twin = EINVAL),
	ROW("RANDOM", "R", 1, MADV_RANDOM, .want = 0),
	ROW("COLD", "R", 1, MADV_COLD, .want = 0),
	ROW("DONTDUMP", "R", 1, MADV_DONTDUMP, .want = 0),
	ROW("POPULATE_WRITE", "R", 1, MADV_POPULATE_WRITE, .want = EINVAL,
	    .twin = EINVAL),
	ROW("no advice", "R", 1, 77, .want = EINVAL, .twin = EINVAL),
};

static void run_all(const struct twin *rows, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		/* What was sealed stays, so each has a place of its own. */
		arena = HIGH_ARENA + 16 * i * page;
		twin_run(&rows[i]);
	}
}

static void advise(int row)
{
	way = &ways[row];
	uring_open(&ring, way->setup);
	run_all(twins, ARRAY_SIZE(twins));
}

static const struct twin behind[] = {
	ROW("same mapping", "rR", 2, MADV_DONTNEED, .want = EPERM, .after = "rr"),
	ROW("another mapping", "wR", 2, MADV_DONTNEED, .want = EPERM, .after = "wr"),
};

/* Nothing of a refused range is discarded. */
static void sealed_behind(int row)
{
	way = &ways[row];
	uring_open(&ring, way->setup);
	run_all(behind, ARRAY_SIZE(behind));
}

static void open_plain(void)
{
	uring_open(&ring, 0);
}

static void open_polled(void)
{
	uring_open(&ring, IORING_SETUP_SQPOLL);
}

static long by_ring(const struct first *first, char *at)
{
	return uring_madvise(&ring, at, page, first->advice, 0);
}

static long by_worker(const struct first *first, char *at)
{
	return uring_madvise(&ring, at, page, first->advice, IOSQE_ASYNC);
}

/* Has a ring, so that its registers prove nothing. */
static long by_call(const struct first *first, char *at)
{
	return madvise(at, page, first->advice) ? -errno : 0;
}

static const struct first firsts[] = {
	{ "DONTNEED inline", open_plain, by_ring, MADV_DONTNEED, true, true },
	{ "DONTNEED by a worker", open_plain, by_worker, MADV_DONTNEED, true, true },
	{ "DONTNEED by a polling thread", open_polled, by_ring, MADV_DONTNEED, true,
	  true },
	{ "WIPEONFORK by a worker", open_plain, by_worker, MADV_WIPEONFORK, true,
	  true },
	{ "COLD inline", open_plain, by_ring, MADV_COLD, false, true },
	{ "COLD by a worker", open_plain, by_worker, MADV_COLD, false, true },
	{ "DONTNEED by madvise()", open_plain, by_call, MADV_DONTNEED, true, true },
	{ "COLD by madvise()", open_plain, by_call, MADV_COLD, false, true },
};

static void during_the_first_seal(int row)
{
	first_run(&firsts[row], scaled(50));
}

static const struct test_case cases[] = {
	ROWS(advise, ways),
	ROWS(sealed_behind, ways),
	LONG_ROWS(during_the_first_seal, firsts, 300),
};

static const struct test_case tagged_cases[] = {
	ROWS(advise, ways),
	ROWS(sealed_behind, ways),
};

SUITE(io_uring, cases, ENTRY_USUAL);
SUITE(io_uring_tagged, tagged_cases, ENTRY_TAGGED);
