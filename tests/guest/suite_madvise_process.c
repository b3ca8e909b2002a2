// SPDX-License-Identifier: GPL-2.0
/* process_madvise(): the address space acted on decides. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif

static int open_process(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		skip("no pidfd_open() (%s)", strerror(errno));
	return fd;
}

/* The bytes advised, or -errno. */
static long advise(int process, char *at, size_t len, int advice)
{
	struct iovec iov = { at, len };
	long ret = syscall(SYS_process_madvise, process, &iov, 1, advice, 0);

	return ret < 0 ? -errno : ret;
}

static const struct row {
	const char *name;
	int advice;
	bool discards;
} rows[] = {
	{ "COLD", MADV_COLD, false },
	{ "PAGEOUT", MADV_PAGEOUT, false },
	{ "WILLNEED", MADV_WILLNEED, false },
	{ "DONTNEED", MADV_DONTNEED, true },
	{ "FREE", MADV_FREE, true },
	{ "DONTFORK", MADV_DONTFORK, true },
	{ "WIPEONFORK", MADV_WIPEONFORK, true },
};

/* Of those that discard nothing, a kernel knows some; of the others few know any. */
static void expect_known(const struct row *row, long unsealed)
{
	if (unsealed == -EPERM)
		skip("not allowed to advise processes");
	if (unsealed == -ENOSYS)
		skip("no process_madvise()");
	ck_assert_msg(unsealed == (long)page || unsealed == -EINVAL, "unsealed %s: %ld",
		      row->name, unsealed);
	if (!row->discards && row->advice != MADV_WILLNEED)
		ck_assert_int_eq(unsealed, page);
}

static void self(int number)
{
	const struct row *row = &rows[number];
	int process = open_process(getpid());
	struct snap *before;
	long unsealed, sealed;

	layout_map(arena, "rr");
	ck_assert_int_eq(seal(arena + page, page), 0);
	before = snap_take(arena + page, 1);
	unsealed = advise(process, arena, page, row->advice);
	sealed = advise(process, arena + page, page, row->advice);
	expect_known(row, unsealed);
	if (row->discards && unsealed == (long)page)
		ck_assert_int_eq(sealed, -EPERM);
	else
		ck_assert_int_eq(sealed, unsealed);
	snap_expect_same(before);
	ck_assert(is_sealed(arena + page));
}

struct other {
	struct gate sealed, advised;
	bool seal;
};

static void be_advised(void *arg)
{
	struct other *other = arg;
	struct snap *before;

	if (other->seal)
		ck_assert_int_eq(seal(arena, page), 0);
	before = snap_take(arena, 1);
	gate_open(&other->sealed);
	gate_wait(&other->advised);
	snap_expect_same(before);
	ck_assert_int_eq(is_sealed(arena), other->seal);
}

static long advise_other(const struct row *row, bool seal_it)
{
	struct other other = { .seal = seal_it };
	pid_t pid;
	long ret;

	gate_init(&other.sealed);
	gate_init(&other.advised);
	pid = child_start(be_advised, &other);
	gate_wait(&other.sealed);
	ret = advise(open_process(pid), arena, page, row->advice);
	gate_open(&other.advised);
	child_wait(pid);
	return ret;
}

/* No kernel discards another process's memory for the asking. */
static void expect_others_answer(const struct row *row, long unsealed)
{
	expect_known(row, unsealed);
	if (row->discards)
		ck_assert_int_eq(unsealed, -EINVAL);
}

static void another_process(int number)
{
	const struct row *row = &rows[number];
	long unsealed;

	layout_map(arena, "r");
	unsealed = advise_other(row, false);
	expect_others_answer(row, unsealed);
	ck_assert_int_eq(advise_other(row, true), unsealed);
}

/* The caller's own seal at that address doesn't count. */
static void sealed_caller(int number)
{
	const struct row *row = &rows[number];
	struct other other = { .seal = false };
	pid_t pid;
	long ret;

	layout_map(arena, "r");
	gate_init(&other.sealed);
	gate_init(&other.advised);
	pid = child_start(be_advised, &other);
	gate_wait(&other.sealed);
	ck_assert_int_eq(seal(arena, page), 0);
	ret = advise(open_process(pid), arena, page, row->advice);
	gate_open(&other.advised);
	child_wait(pid);
	ck_assert(is_sealed(arena));
	expect_others_answer(row, ret);
}

static const struct test_case cases[] = {
	ROWS(self, rows),
	ROWS(another_process, rows),
	ROWS(sealed_caller, rows),
};

SUITE(madvise_process, cases, ENTRY_USUAL);
