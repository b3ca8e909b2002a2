// SPDX-License-Identifier: GPL-2.0
/* What the kernel does with memory for its own reasons: seals don't stop it. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"
#include "swap.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE		25
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease	448
#endif

#define PAGES		64
#define HUGE		(2UL << 20)
#define KSM		"/sys/kernel/mm/ksm/"
#define MERGED		"/proc/self/ksm_merging_pages"
#define TWIN		(arena + (1UL << 30))
#define RW		(PROT_READ | PROT_WRITE)

static const struct row {
	const char *name;
	char letter;
} rows[] = {
	{ "writable", 'w' },
	{ "read-only", 'r' },
	{ "no access", 'n' },
	{ "shared", 's' },
};

static void map_pages(char *at, char letter)
{
	char layout[PAGES + 1];

	memset(layout, letter, PAGES);
	layout[PAGES] = '\0';
	layout_map(at, layout);
}

/* Half of it is enough: the other may be in the swap cache. */
static bool swapped_out(void *arg)
{
	ck_assert_int_eq(madvise(arg, PAGES * page, MADV_PAGEOUT), 0);
	return mapping_kb(arg, "Swap") >= (long)(PAGES * page >> 11);
}

static void swap_out_and_in(void *arg)
{
	const struct row *row = arg;
	struct snap *before;

	map_pages(TWIN, row->letter);
	map_pages(arena, row->letter);
	before = snap_take(arena, PAGES);
	ck_assert_int_eq(seal(arena, PAGES * page), 0);
	ck_assert(settles(swapped_out, TWIN));
	ck_assert_msg(settles(swapped_out, arena), "%ld of %zu kB swapped out",
		      mapping_kb(arena, "Swap"), PAGES * page >> 10);
	snap_expect_same(before);
	ck_assert(is_sealed(arena));
}

static void swapped(int number)
{
	struct row row = rows[number];
	int status;

	swap_begin();
	status = wait_status(child_start(swap_out_and_in, &row));
	swap_end();
	ck_assert_int_eq(status, 0);
}

static bool merged(void *arg)
{
	(void)arg;
	return file_number(MERGED) >= 3 * PAGES - 1;
}

static void map_alike(char *at, size_t pages)
{
	ck_assert_ptr_eq(mmap(at, pages * page, RW, MAP_PRIVATE | MAP_ANONYMOUS |
			      MAP_FIXED, -1, 0), at);
	memset(at, 0x4b, pages * page);
}

static void merge(char *at, size_t pages)
{
	ck_assert_int_eq(madvise(at, pages * page, MADV_MERGEABLE), 0);
}

/* In a read-only mapping and a writable one, both sealed, and in one unsealed. */
static void same_pages(int row)
{
	long run = file_number(KSM "run");
	struct snap *before;

	(void)row;
	need_root();
	if (run < 0 || file_number(MERGED) < 0)
		skip("no KSM, or none that tells what it merged");
	map_alike(TWIN, PAGES);
	map_alike(arena, 2 * PAGES);
	ck_assert_int_eq(mprotect(arena, PAGES * page, PROT_READ), 0);
	ck_assert_int_eq(seal(arena, 2 * PAGES * page), 0);
	before = snap_take(arena, 2 * PAGES);
	merge(TWIN, PAGES);
	merge(arena, 2 * PAGES);
	ck_assert(file_set_number(KSM "run", 1));
	settles(merged, NULL);
	ck_assert(file_set_number(KSM "run", run));
	if (!file_number(MERGED))
		skip("KSM is busy with others' memory");
	ck_assert_msg(merged(NULL), "%ld pages merged", file_number(MERGED));
	snap_expect_same(before);
	/* To write is still possible, and one's own affair. */
	arena[PAGES * page] = 1;
	ck_assert_int_eq(arena[(PAGES + 1) * page], 0x4b);
}

static void map_small(char *at)
{
	ck_assert_ptr_eq(mmap(at, HUGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			      -1, 0), at);
	if (madvise(at, HUGE, MADV_NOHUGEPAGE))
		skip("no transparent huge pages");
	memset(at, 0x3d, HUGE);
	ck_assert_int_eq(mapping_kb(at, "AnonHugePages"), 0);
	/* From now on the kernel may be quicker than the request. */
	ck_assert_int_eq(madvise(at, HUGE, MADV_HUGEPAGE), 0);
}

static void collapse(int row)
{
	struct snap *before;

	(void)row;
	map_small(TWIN);
	if (madvise(TWIN, HUGE, MADV_COLLAPSE))
		skip("this kernel makes no huge page on request (%s)", strerror(errno));
	map_small(arena);
	before = snap_take(arena, HUGE / page);
	ck_assert_int_eq(seal(arena, HUGE), 0);
	ck_assert_int_eq(madvise(arena, HUGE, MADV_COLLAPSE), 0);
	ck_assert_int_eq(mapping_kb(arena, "AnonHugePages"), HUGE >> 10);
	snap_expect_same(before);
	ck_assert(is_sealed(arena));
}

static char *map_untouched(char *at)
{
	ck_assert_ptr_eq(mmap(at, HUGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			      -1, 0), at);
	if (madvise(at, HUGE, MADV_HUGEPAGE))
		skip("no transparent huge pages");
	return at;
}

static void huge_fault(int row)
{
	(void)row;
	*map_untouched(TWIN) = 1;
	if (mapping_kb(TWIN, "AnonHugePages") <= 0)
		skip("no huge page to be had");
	map_untouched(arena);
	ck_assert_int_eq(seal(arena, HUGE), 0);
	*arena = 1;
	ck_assert_int_eq(mapping_kb(arena, "AnonHugePages"), HUGE >> 10);
	ck_assert_int_eq(arena[HUGE - 1], 0);
}

struct victim {
	struct gate ready;
	size_t size;
};

static void wait_sealed(void *arg)
{
	struct victim *victim = arg;

	ck_assert_ptr_eq(mmap(arena, victim->size, RW, MAP_PRIVATE | MAP_ANONYMOUS |
			      MAP_FIXED, -1, 0), arena);
	memset(arena, 0x77, victim->size);
	ck_assert_int_eq(seal(arena, victim->size), 0);
	gate_open(&victim->ready);
	for (;;)
		pause();
}

/* 0, or the error; ESRCH: it was too quick to be helped. */
static int release_killed(void)
{
	struct victim victim = { .size = 32 << 20 };
	int process, error;
	pid_t pid;

	gate_init(&victim.ready);
	pid = child_start(wait_sealed, &victim);
	gate_wait(&victim.ready);
	process = syscall(SYS_pidfd_open, pid, 0);
	ck_assert_int_ge(process, 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	error = syscall(SYS_process_mrelease, process, 0) ? errno : 0;
	ck_assert_int_eq(wait_status(pid), SIGKILL);
	close(process);
	return error;
}

static void mrelease(int row)
{
	int tries, error = ESRCH;

	(void)row;
	if (syscall(SYS_process_mrelease, -1, 0) && errno == ENOSYS)
		skip("no process_mrelease()");
	for (tries = 0; tries < 50 && error; tries++) {
		error = release_killed();
		ck_assert(!error || error == ESRCH);
	}
	ck_assert_msg(!error, "50 processes, each gone before it could be released");
}

static const struct test_case cases[] = {
	ROWS(swapped, rows),
	CASE(same_pages),
	CASE(collapse),
	CASE(huge_fault),
	CASE(mrelease),
};

SUITE(reclaim, cases, ENTRY_USUAL);
