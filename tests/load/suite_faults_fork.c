// SPDX-License-Identifier: GPL-2.0
/*
 * fork() of a process with many seals whose control group has no memory left: it
 * fails, or the child has every seal that it shall have, and none over a hole.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "kmsg.h"
#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "suites.h"
#include "tracefs.h"

#define RANGES		10000
#define GROUP		"/sys/fs/cgroup/mseal-fork"
#define PRINTK		"/proc/sys/kernel/printk"
#define STEP		(1L << 20)
#define STEPS		6
#define PATIENCE_MS	3000
#define PATIENCES	20

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
	volatile unsigned char resident = 0;
	unsigned int nr, i;

	/* Waits until there is memory for these pages; a system call would not. */
	memset(records, 0, sizeof(records));
	nr = device_query(arena, records, RANGES + 1);
	if (nr != RANGES / 2)
		return 1;
	for (i = 0; i < nr; i++) {
		char *at = (char *)records[i].start;

		if (at != arena + (4 * (unsigned long)i + 2) * page ||
		    records[i].end - records[i].start != page)
			return 2;
		if (mincore(at, page, (unsigned char *)&resident))
			return 3;
	}
	return 0;
}

/* What the process in the group is told, and tells. */
static int orders[2], answers[2];

#define FORK_FAILED	0
#define FORK_DONE	1
#define FORK_WRONG	2

/* The child's look is over before the next order. */
static char fork_once(void)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return errno == ENOMEM ? FORK_FAILED : FORK_WRONG;
	if (!pid)
		_exit(look_at_seals());
	return waitpid(pid, &status, 0) == pid && !status ? FORK_DONE : FORK_WRONG;
}

/* Nothing in the group can be killed, so that it is fork() that fails. */
static void live_in_the_group(void *arg)
{
	char order, answer;

	(void)arg;
	/* Orders would never end while their reader could still give some. */
	close(orders[1]);
	close(answers[0]);
	ck_assert_int_eq(file_write("/proc/self/oom_score_adj", "-1000"), 0);
	ck_assert_int_eq(file_write(GROUP "/cgroup.procs", "0"), 0);
	many_seals();
	ck_assert_int_eq(write(answers[1], "", 1), 1);
	while (read(orders[0], &order, 1) == 1) {
		answer = fork_once();
		ck_assert_int_eq(write(answers[1], &answer, 1), 1);
	}
}

/* How often the group has had no memory left for somebody. */
static long shortages(void)
{
	FILE *file = fopen(GROUP "/memory.events", "re");
	char name[32];
	long count = -1;

	ck_assert_ptr_nonnull(file);
	while (fscanf(file, "%31s %ld", name, &count) == 2 && strcmp(name, "oom"))
		;
	ck_assert_str_eq(name, "oom");
	fclose(file);
	return count;
}

/*
 * One fork() with so much memory and no more.  Whoever writes to a page then waits
 * for memory, too, and gets it after a while; on a slow machine it takes time until
 * there is none.
 */
static char fork_with(long limit)
{
	struct pollfd poll_answer = { .fd = answers[0], .events = POLLIN };
	long before = shortages();
	char answer;
	int i;

	ck_assert(file_set_number(GROUP "/memory.max", limit));
	ck_assert_int_eq(write(orders[1], "", 1), 1);
	for (i = 0; i < PATIENCES && !poll(&poll_answer, 1, PATIENCE_MS) &&
	     shortages() == before; i++)
		;
	ck_assert_int_eq(file_write(GROUP "/memory.max", "max"), 0);
	ck_assert_int_eq(read(answers[0], &answer, 1), 1);
	return answer;
}

/* From no memory at all to enough, a little more each time. */
static void full_group(int row)
{
	long failed = 0, step;
	char ready, answer;
	pid_t pid;

	(void)row;
	need_root();
	mseal_load();
	sealer_open();
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	ck_assert_int_eq(mkdir(GROUP, 0700), 0);
	ck_assert_int_eq(pipe2(orders, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(answers, O_CLOEXEC), 0);
	pid = child_start(live_in_the_group, NULL);
	close(orders[0]);
	ck_assert_int_eq(read(answers[0], &ready, 1), 1);
	/* Of each time that there is none the console would have a page. */
	ck_assert_int_eq(file_write(PRINTK, "1"), 0);
	kmsg_mark();
	for (step = 0; step < STEPS; step++) {
		answer = fork_with(file_number(GROUP "/memory.current") +
				   step * STEP);
		ck_assert_int_ne(answer, FORK_WRONG);
		kmsg_expect_no_complaint();
		failed += answer == FORK_FAILED;
	}
	ck_assert_int_eq(file_write(PRINTK, "7"), 0);
	ck_assert_int_gt(failed, 0);
	ck_assert_int_eq(fork_with(1L << 30), FORK_DONE);
	note("%d ranges: %ld of %d forks failed for lack of memory", RANGES,
	     failed, STEPS);
	close(orders[1]);
	child_wait(pid);
	ck_assert_int_eq(rmdir(GROUP), 0);
}

static const struct test_case cases[] = {
	LONG_CASE(full_group, 600),
};

SUITE(faults_fork, cases, ENTRY_USUAL);
