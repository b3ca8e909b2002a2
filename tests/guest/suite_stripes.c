// SPDX-License-Identifier: GPL-2.0
/*
 * Thousands of seals in one process, on every other page: each refuses by itself,
 * what lies between is as free as ever, and afterwards nothing sealed has changed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

/* Times the rows: more seals than all other suites make in a short run. */
#define STRIPES		1100
#define RW		(PROT_READ | PROT_WRITE)
#define ANON		(MAP_PRIVATE | MAP_ANONYMOUS)

/* Behind all stripes: where what is moved goes. */
#define ELSEWHERE	(arena + (2L * STRIPES + 16) * (long)page)

static char *stripe(long i)
{
	return arena + 2 * i * (long)page;
}

static char mark_of(long i)
{
	return (char)(i % 127 + 1);
}

static long do_munmap(char *at)
{
	return munmap(at, page) ? -errno : 0;
}

static long do_map_over(char *at)
{
	return mmap(at, page, PROT_READ, ANON | MAP_FIXED, -1, 0) == MAP_FAILED ?
	       -errno : 0;
}

static long do_mprotect(char *at)
{
	return mprotect(at, page, RW) ? -errno : 0;
}

static long do_mremap(char *at)
{
	return mremap(at, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, ELSEWHERE) ==
	       MAP_FAILED ? -errno : 0;
}

static long do_discard(char *at)
{
	return madvise(at, page, MADV_DONTNEED) ? -errno : 0;
}

/* What each has done to a page that isn't sealed can be seen at once. */
static bool is_gone(char *at)
{
	unsigned char resident;

	return mincore(at, page, &resident) && errno == ENOMEM;
}

static bool is_empty(char *at)
{
	return *(volatile char *)at == 0;
}

static bool is_writable(char *at)
{
	static int zeros = -1;

	if (zeros < 0)
		zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	return read(zeros, at, 1) == 1;
}

static const struct op {
	const char *name;
	long (*call)(char *at);
	bool (*done)(char *at);
} ops[] = {
	{ "munmap", do_munmap, is_gone },
	{ "mmap", do_map_over, is_empty },
	{ "mprotect", do_mprotect, is_writable },
	{ "mremap", do_mremap, is_gone },
	{ "madvise", do_discard, is_empty },
};

/* Pages in turn: to be sealed, and not.  All can be read only, and hold a mark. */
static void map_all(void)
{
	size_t len = 2UL * STRIPES * page;
	long i;

	ck_assert_ptr_eq(mmap(arena, len, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0),
			 arena);
	for (i = 0; i < STRIPES; i++) {
		stripe(i)[0] = mark_of(i);
		stripe(i)[page] = mark_of(i);
	}
	ck_assert_int_eq(mprotect(arena, len, PROT_READ), 0);
}

/* Check's own assertions would take longer than all calls together. */
static void seal_all(void)
{
	long i;

	for (i = 0; i < STRIPES; i++)
		if (seal(stripe(i), page))
			ck_abort_msg("seal of stripe %ld: %s", i, strerror(errno));
}

static void expect_unchanged(long i)
{
	if (stripe(i)[0] != mark_of(i) || is_writable(stripe(i)))
		ck_abort_msg("stripe %ld has changed", i);
}

static void expect_all_refused(const struct op *op)
{
	long i, ret;

	for (i = 0; i < STRIPES; i++) {
		ret = op->call(stripe(i));
		if (ret != -EPERM)
			ck_abort_msg("%s of stripe %ld: %s", op->name, i,
				     strerror((int)-ret));
		expect_unchanged(i);
	}
}

static void expect_all_free(const struct op *op)
{
	char *between;
	long i, ret;

	for (i = 0; i < STRIPES; i++) {
		between = stripe(i) + page;
		if (*between != mark_of(i))
			ck_abort_msg("the page behind stripe %ld has changed", i);
		ret = op->call(between);
		if (ret || !op->done(between))
			ck_abort_msg("%s behind stripe %ld: %s", op->name, i,
				     strerror((int)-ret));
	}
}

/* All of them, as ranges of their own, and no others. */
static void expect_all_listed(void)
{
	static struct mseal_record records[STRIPES + 1];
	long i;

	ck_assert_uint_eq(device_query(arena, records, STRIPES + 1), STRIPES);
	for (i = 0; i < STRIPES; i++)
		if (records[i].start != (unsigned long)stripe(i) ||
		    records[i].end != (unsigned long)stripe(i) + page)
			ck_abort_msg("record %ld isn't that of stripe %ld", i, i);
}

static void each_by_itself(int row)
{
	map_all();
	seal_all();
	expect_all_refused(&ops[row]);
	expect_all_free(&ops[row]);
	expect_all_refused(&ops[row]);
	if (sealer_kind() == SEALER_DEVICE)
		expect_all_listed();
}

static void refused_in_child(void *arg)
{
	expect_all_refused(arg);
	expect_all_free(arg);
}

/* The child's are its own: what it does to the rest the parent doesn't see. */
static void inherited(int row)
{
	map_all();
	seal_all();
	in_child(refused_in_child, (void *)&ops[row]);
	refused_in_child((void *)&ops[row]);
}

static const struct test_case cases[] = {
	LONG_ROWS(each_by_itself, ops, 300),
	LONG_ROWS(inherited, ops, 300),
};

SUITE(stripes, cases, ENTRY_USUAL);
