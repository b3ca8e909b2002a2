// SPDX-License-Identifier: GPL-2.0
/*
 * fork() of a process with many seals whose control group has no memory left: it
 * fails, or the child has every seal that it shall have, and none over a hole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "suites.h"
#include "tracefs.h"

#define RANGES		10000
#define GROUP		"/sys/fs/cgroup/mseal-fork"
#define STEP		(512L << 10)
#define MAX_STEPS	200

/* Each second page is sealed, each second of those is kept from children. */
static void many_seals(void)
{
	char *at = mmap(arena, 2 * RANGES * page, PROT_READ | PROT_WRITE,
			MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS |
			MAP_NORESERVE, -1, 0);
	long i;

	ck_assert_ptr_eq(at, arena);
	for (i = 0; i < RANGES; i++)
		ck_assert_int_eq(device_seal(at + 2 * i * page, page,
					     MSEAL_T_NATIVE), 0);
	for (i = 0; i < RANGES; i += 2)
		ck_assert_int_eq(madvise(at + 2 * i * page, page,
					 MADV_DONTFORK), 0);
}

static struct mseal_record records[RANGES + 1];

/* In the child: an exit status, as nothing else may be done. */
static int look_at_seals(void)
{
	unsigned int nr = device_query(arena, records, RANGES + 1), i;
	unsigned char resident;

	if (nr != RANGES / 2)
		return 1;
	for (i = 0; i < nr; i++) {
		char *at = (char *)records[i].start;

		if (at != arena + (4 * (unsigned long)i + 2) * page ||
		    records[i].end - records[i].start != page)
			return 2;
		if (mincore(at, page, &resident))
			return 3;
	}
	return 0;
}

static void in_the_group(void)
{
	ck_assert_int_eq(file_write("/proc/self/oom_score_adj", "-1000"), 0);
	ck_assert_int_eq(file_write(GROUP "/cgroup.procs", "0"), 0);
}

/* Returns whether there was a child. */
static bool try_fork(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0) {
		ck_assert_int_eq(errno, ENOMEM);
		return false;
	}
	if (!pid)
		_exit(look_at_seals());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(!status, "the child's seals: wait status %#x", status);
	return true;
}

/* From no memory at all to enough, a little more each time. */
static void full_group(int row)
{
	long limit, steps, failed = 0;

	(void)row;
	need_root();
	mseal_load();
	sealer_open();
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	ck_assert_int_eq(mkdir(GROUP, 0700), 0);
	in_the_group();
	many_seals();
	limit = file_number(GROUP "/memory.current");
	ck_assert_int_gt(limit, 0);
	for (steps = 0; steps < MAX_STEPS; steps++, limit += STEP) {
		ck_assert(file_set_number(GROUP "/memory.max", limit));
		if (try_fork())
			break;
		failed++;
	}
	ck_assert_int_lt(steps, MAX_STEPS);
	ck_assert_int_gt(failed, 0);
	ck_assert_int_eq(file_write(GROUP "/memory.max", "max"), 0);
	ck_assert(try_fork());
	note("%d ranges: %ld forks failed for lack of memory", RANGES, failed);
	ck_assert_int_eq(file_write("/sys/fs/cgroup/cgroup.procs", "0"), 0);
	ck_assert_int_eq(rmdir(GROUP), 0);
}

static const struct test_case cases[] = {
	LONG_CASE(full_group, 600),
};

SUITE(faults_fork, cases, ENTRY_USUAL);
