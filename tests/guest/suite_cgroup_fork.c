// SPDX-License-Identifier: GPL-2.0
/*
 * A child that doesn't inherit all that is sealed gets a set of its own, and fork()
 * must not fail for want of it.  But many who fork at once don't take their memory
 * cgroup past its limit: whom the kernel kills for memory copies nothing more.
 */
#define _GNU_SOURCE
#include <check.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "cgroup.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "settle.h"

#define LIMIT		(8L << 20)
/* Several times the limit together, each far from it. */
#define RANGES		16000
#define FORKERS		16
/* What is charged in advance, and who was under way when the limit was reached. */
#define OVERDRAFT	(512L << 10)

/* What the processes in the group and the one that watches tell each other. */
static struct board {
	atomic_int standing, go, forked;
} *board;

static const struct timespec moment = { .tv_nsec = 1000000 };

static char *nth(long n)
{
	return arena + 2 * n * page;
}

static char *kept_back(void)
{
	return nth(RANGES);
}

/* Every range but the one that it doesn't have. */
static void look_around(void)
{
	ck_assert_int_eq(device_count(arena), RANGES);
	ck_assert_int_eq(munmap(nth(RANGES - 1), page), -1);
	ck_assert_ptr_eq(mmap(kept_back(), page, PROT_NONE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_FIXED, -1, 0), kept_back());
	atomic_fetch_add(&board->forked, 1);
	_exit(EXIT_SUCCESS);
}

static void fork_once(void)
{
	int status;
	pid_t pid;

	if (!file_set_number("/proc/self/oom_score_adj", 1000))
		_exit(2);
	atomic_fetch_add(&board->standing, 1);
	while (!atomic_load(&board->go))
		nanosleep(&moment, NULL);
	if (madvise(kept_back(), page, MADV_DONTFORK))
		_exit(3);
	pid = fork();
	if (!pid)
		look_around();
	if (pid < 0)
		_exit(4);
	status = wait_status(pid);
	if (status == SIGKILL)
		raise(SIGKILL);
	_exit(!!status);
}

static void seal_all(void)
{
	long i;

	ck_assert_ptr_eq(mmap(arena, 2 * RANGES * page, PROT_NONE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0), arena);
	ck_assert_ptr_eq(mmap(kept_back(), page, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_FIXED, -1, 0), kept_back());
	for (i = 0; i <= RANGES; i++)
		ck_assert_int_eq(device_seal(nth(i), page, MSEAL_T_NATIVE), 0);
}

/* It outlives the others, who may be killed one after the other. */
static void fork_all(void *arg)
{
	pid_t pids[FORKERS];
	int i, status;

	(void)arg;
	ck_assert(file_set_number("/proc/self/oom_score_adj", -1000));
	ck_assert(cgroup_join());
	seal_all();
	for (i = 0; i < FORKERS; i++) {
		pids[i] = fork();
		if (!pids[i])
			fork_once();
		ck_assert_int_gt(pids[i], 0);
	}
	for (i = 0; i < FORKERS; i++) {
		status = wait_status(pids[i]);
		ck_assert_msg(!status || status == SIGKILL,
			      "a process that forks ended with %#x", status);
	}
	ck_assert_int_eq(device_count(arena), RANGES + 1);
}

static bool all_stand(void *arg)
{
	(void)arg;
	return atomic_load(&board->standing) == FORKERS;
}

static bool paid_back(void *arg)
{
	(void)arg;
	return !device_info().ranges;
}

/* Not every kernel keeps the highest; what is copied stays until the fork is done. */
static long highest_charge(pid_t family)
{
	long now, most = 0;
	siginfo_t ended = { .si_pid = 0 };

	while (!ended.si_pid) {
		now = file_number(cgroup_file("memory.current"));
		if (now > most)
			most = now;
		ck_assert_int_eq(waitid(P_PID, family, &ended, WEXITED | WNOHANG | WNOWAIT), 0);
		nanosleep(&moment, NULL);
	}
	return most;
}

static void many_at_once(int row)
{
	long before, most, kills;
	pid_t pid;

	(void)row;
	cgroup_make(LIMIT);
	if (device_info().ranges)
		skip("other processes hold seals");
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(board, MAP_FAILED);
	pid = child_start(fork_all, NULL);
	ck_assert(settles(all_stand, NULL));
	before = file_number(cgroup_file("memory.current"));
	atomic_store(&board->go, 1);
	most = highest_charge(pid);
	child_wait(pid);
	kills = cgroup_kills();
	cgroup_remove();
	note("%ld bytes charged before, %ld at most, the limit being %ld; %d have forked, %ld were killed",
	     before, most, LIMIT, atomic_load(&board->forked), kills);
	ck_assert_int_gt(kills, 0);
	ck_assert_int_gt(atomic_load(&board->forked), 0);
	ck_assert_int_le(most, LIMIT + OVERDRAFT);
	ck_assert(settles(paid_back, NULL));
}

static const struct test_case cases[] = {
	LONG_CASE(many_at_once, 300),
};

SUITE(cgroup_fork, cases, ENTRY_USUAL);
