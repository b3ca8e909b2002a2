// SPDX-License-Identifier: GPL-2.0
/*
 * Whoever wants many ranges pays for them: they count against the memory cgroup
 * of the process that seals, and where its limit is reached there are no more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "cgroup.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"

#define LIMIT		(4L << 20)
#define NO_LIMIT	(64L << 20)
/* Far more ranges than fit, and more than are allowed by default. */
#define MOST		(1 << 18)
/* What each of a family has: two or three times that fits. */
#define SHARED		15000
#define CHILDREN	4

/* What the processes in the group and the one that watches tell each other. */
static struct board {
	atomic_int turn;
	atomic_long ranges;	/* sealed by the first process */
	atomic_int result[CHILDREN];
} *board;

/* Of what memory.current said, and how many objects that ought to be. */
struct bill {
	long before, with, after;
	long objects;
};

static void wait_turn(int turn)
{
	const struct timespec step = { .tv_nsec = 1000000 };

	while (atomic_load(&board->turn) < turn)
		nanosleep(&step, NULL);
}

static void give_turn(int turn)
{
	atomic_store(&board->turn, turn);
}

static long charged(void)
{
	long bytes = file_number(cgroup_file("memory.current"));

	ck_assert_int_ge(bytes, 0);
	return bytes;
}

/*
 * On one processor: each has up to 64 pages paid for in advance.  Not to be killed
 * for memory, so that what is asked for fails instead.
 */
static void join(bool killable)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	if (sched_setaffinity(0, sizeof(one), &one) ||
	    !file_set_number("/proc/self/oom_score_adj", killable ? 1000 : -1000) ||
	    !cgroup_join())
		_exit(2);
}

static char *nth(long n)
{
	return arena + 2 * n * page;
}

/* Every other page, so that nothing merges; 0 or -errno. */
static long fill(long from, long most)
{
	long err = 0, i;

	for (i = from; !err && i < most; i++) {
		err = device_seal(nth(i), page, MSEAL_T_NATIVE);
		if (!err)
			atomic_fetch_add(&board->ranges, 1);
	}
	return err;
}

static void map_all(void)
{
	if (mmap(arena, 2 * MOST * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_NORESERVE | MAP_FIXED, -1, 0) != arena)
		_exit(3);
}

/* None too many, none too few, and each holds; there is memory again. */
static void expect_ranges(long ranges)
{
	long i;

	ck_assert_int_eq(device_count(arena), ranges);
	for (i = 0; i < ranges; i += 500) {
		ck_assert_int_eq(munmap(nth(i), page), -1);
		ck_assert_int_eq(errno, EPERM);
		ck_assert_int_eq(munmap(nth(i) + page, page), 0);
	}
	ck_assert_int_eq(device_seal(nth(MOST - 1), page, MSEAL_T_NATIVE), 0);
}

static void fill_up(void *arg)
{
	(void)arg;
	join(false);
	map_all();
	fill(0, 1);
	give_turn(1);
	wait_turn(2);
	atomic_store(&board->result[0], (int)fill(1, MOST));
	/* Not a page more may be touched until the limit is gone. */
	give_turn(3);
	wait_turn(4);
	expect_ranges(atomic_load(&board->ranges));
}

static void fill_until_killed(void *arg)
{
	(void)arg;
	join(true);
	map_all();
	fill(0, MOST);
}

static void expect_unhurt(void)
{
	layout_map(arena, "Ww");
	layout_seal(arena, "Ww");
	layout_expect_sealed(arena, "Ww");
	ck_assert_int_eq(munmap(arena + page, page), 0);
}

static bool paid_back(void *arg)
{
	(void)arg;
	return charged() < LIMIT / 4 && !device_info().ranges;
}

static long range_bytes(void)
{
	long bytes = file_number("/sys/kernel/slab/mseal_range/object_size");

	ck_assert_int_gt(bytes, 0);
	return bytes;
}

static long raise_max_ranges(void)
{
	long old = file_number(PARAMETERS "max_ranges");

	ck_assert(file_set_number(PARAMETERS "max_ranges", 2 * MOST));
	return old;
}

static void begin(void)
{
	cgroup_make(LIMIT);
	if (device_info().ranges)
		skip("other processes hold seals");
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(board, MAP_FAILED);
	give_turn(0);
}

static void settle_bill(const struct bill *bill)
{
	note("%ld ranges of %ld bytes: %ld bytes charged before, %ld with them, %ld after",
	     bill->objects, range_bytes(), bill->before, bill->with, bill->after);
	ck_assert_int_ge((bill->with - bill->before) * 10,
			 bill->objects * range_bytes() * 9);
	ck_assert_int_lt(bill->after, LIMIT / 4);
}

static void limit(int row)
{
	struct bill bill;
	long max_ranges;
	int status;
	pid_t pid;

	(void)row;
	begin();
	max_ranges = raise_max_ranges();
	pid = child_start(fill_up, NULL);
	wait_turn(1);
	bill.before = charged();
	give_turn(2);
	wait_turn(3);
	bill.with = charged();
	file_set_number(cgroup_file("memory.max"), NO_LIMIT);
	give_turn(4);
	bill.objects = atomic_load(&board->ranges);
	status = wait_status(pid);
	settles(paid_back, NULL);
	bill.after = charged();
	file_set_number(PARAMETERS "max_ranges", max_ranges);
	cgroup_remove();
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(board->result[0], -ENOMEM);
	ck_assert_uint_eq(device_info().ranges, 0);
	settle_bill(&bill);
	expect_unhurt();
}

static void killed(int row)
{
	long max_ranges, kills, ranges;
	int status;
	bool back;

	(void)row;
	begin();
	max_ranges = raise_max_ranges();
	status = wait_status(child_start(fill_until_killed, NULL));
	kills = cgroup_kills();
	back = settles(paid_back, NULL);
	file_set_number(PARAMETERS "max_ranges", max_ranges);
	cgroup_remove();
	ranges = atomic_load(&board->ranges);
	note("killed with %ld ranges of %ld bytes", ranges, range_bytes());
	ck_assert_int_eq(status, SIGKILL);
	ck_assert_int_eq(kills, 1);
	ck_assert_int_le(ranges * range_bytes() * 9, LIMIT * 10);
	ck_assert_int_ge(ranges * range_bytes(), LIMIT / 2);
	ck_assert(back);
	expect_unhurt();
}

/* The turns of a family: it stands, each child seals, it is over. */
#define FAMILY		1
#define CHILD(i)	(2 + 2 * (i))
#define OVER		CHILD(CHILDREN)

/* One seal of its own, for which a child needs a set of its own. */
static void seal_one_more(int i)
{
	long err;

	wait_turn(CHILD(i));
	err = device_seal(nth(SHARED), page, MSEAL_T_NATIVE);
	atomic_store(&board->result[i], (int)err);
	/* With memory enough they come all at once, and nobody waits. */
	if (atomic_load(&board->turn) == CHILD(i))
		give_turn(CHILD(i) + 1);
	wait_turn(OVER);
	expect_ranges(SHARED + !err);
}

static void stand_together(void *arg)
{
	pid_t pids[CHILDREN];
	int i;

	(void)arg;
	join(false);
	map_all();
	if (fill(0, SHARED))
		_exit(4);
	for (i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			seal_one_more(i);
			_exit(EXIT_SUCCESS);
		}
		ck_assert_int_gt(pids[i], 0);
	}
	give_turn(FAMILY);
	for (i = 0; i < CHILDREN; i++)
		child_wait(pids[i]);
	expect_ranges(SHARED);
}

/* Lets one child after the other seal; returns how many could. */
static int unshare_sets(struct bill *bill)
{
	int i;

	for (i = 0; i < CHILDREN; i++) {
		give_turn(CHILD(i));
		wait_turn(CHILD(i) + 1);
		if (atomic_load(&board->result[i]))
			break;
		bill->with = charged();
		bill->objects += SHARED;
	}
	file_set_number(cgroup_file("memory.max"), NO_LIMIT);
	give_turn(OVER);
	return i;
}

static void forks(int row)
{
	struct bill bill = { 0 };
	int status, able;
	pid_t pid;

	(void)row;
	begin();
	pid = child_start(stand_together, NULL);
	wait_turn(FAMILY);
	bill.before = bill.with = charged();
	able = unshare_sets(&bill);
	status = wait_status(pid);
	settles(paid_back, NULL);
	bill.after = charged();
	cgroup_remove();
	ck_assert_int_eq(status, 0);
	ck_assert_int_ge(able, 1);
	ck_assert_int_lt(able, CHILDREN);
	ck_assert_int_eq(board->result[able], -ENOMEM);
	ck_assert_uint_eq(device_info().ranges, 0);
	settle_bill(&bill);
	expect_unhurt();
}

static const struct test_case cases[] = {
	LONG_CASE(limit, 300),
	LONG_CASE(killed, 300),
	LONG_CASE(forks, 300),
};

SUITE(cgroup, cases, ENTRY_USUAL);
