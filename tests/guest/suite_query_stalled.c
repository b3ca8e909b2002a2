// SPDX-License-Identifier: GPL-2.0
/*
 * Questions that lose the processor on their way to what they ask about, while
 * others, past whom the way leads, come to their end.  A kernel that looks for
 * faults sees whether one of them was freed too early.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "settle.h"
#include "target.h"

#define READERS		8
/* The more there are, the longer is the way along them. */
#define OTHERS		128
#define RANGES		64
/* Rounds, however short the tests are to be. */
#define LEAST		2

/* In ms: for readers to be on the way, and for what has ended to be freed. */
#define READ_MS		40
#define FREE_MS		30

static struct shared {
	atomic_long answers[READERS];
} *shared;

static long ms_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(long ms)
{
	const struct timespec time = { .tv_nsec = ms * 1000000 };

	nanosleep(&time, NULL);
}

/* Keeps the processor, so that no reader goes on. */
static void spin_ms(long ms)
{
	long end = ms_now() + ms;

	while (ms_now() < end)
		;
}

/* All on one processor: whoever has something to do takes it from the readers. */
static void share_a_processor(void)
{
	cpu_set_t may, one;
	int cpu = 0;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(may), &may), 0);
	while (!CPU_ISSET(cpu, &may))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

static bool all_told(const struct mseal_record *records, long nr)
{
	long i;

	for (i = 0; i < nr; i++)
		if (records[i].start != (unsigned long)arena + 2 * i * page ||
		    records[i].end - records[i].start != page)
			return false;
	return nr == RANGES;
}

/* Until it is killed, and with whatever processor time nobody else wants. */
static void read_for_ever(void *arg)
{
	const struct sched_param idle = { 0 };
	struct mseal_record records[RANGES + 1];
	atomic_long *answers = arg;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (sched_setscheduler(0, SCHED_IDLE, &idle))
		_exit(2);
	while (all_told(records, target_query(MSEAL_QUERY_SELF, NULL, records,
					      RANGES + 1)))
		atomic_fetch_add(answers, 1);
	_exit(3);
}

static void wait_for_end(void *gate)
{
	gate_wait(gate);
}

static void let_others_end(void)
{
	pid_t others[OTHERS];
	struct gate gate;
	int i;

	gate_init(&gate);
	for (i = 0; i < OTHERS; i++)
		others[i] = child_start(wait_for_end, &gate);
	sleep_ms(READ_MS);
	for (i = 0; i < OTHERS; i++)
		gate_open(&gate);
	for (i = 0; i < OTHERS; i++)
		child_wait(others[i]);
	spin_ms(FREE_MS);
	close(gate.fd[0]);
	close(gate.fd[1]);
}

static void seal_ranges(void)
{
	long i;

	ck_assert_ptr_eq(mmap(arena, 2 * RANGES * page, PROT_READ, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_FIXED, -1, 0), arena);
	for (i = 0; i < RANGES; i++)
		ck_assert_int_eq(device_seal(arena + 2 * i * page, page,
					     MSEAL_T_NATIVE), 0);
}

static bool only_this_one(void *spaces)
{
	return device_info().spaces <= *(__u64 *)spaces;
}

static void others_end(int row)
{
	long rounds = LEAST + scaled(20), i, answers = 0;
	pid_t readers[READERS];
	__u64 spaces;

	(void)row;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	share_a_processor();
	seal_ranges();
	spaces = device_info().spaces;
	for (i = 0; i < READERS; i++)
		readers[i] = child_start(read_for_ever, &shared->answers[i]);
	for (i = 0; i < rounds; i++)
		let_others_end();
	for (i = 0; i < READERS; i++) {
		ck_assert_int_eq(kill(readers[i], SIGKILL), 0);
		ck_assert_int_eq(wait_status(readers[i]), SIGKILL);
		ck_assert_int_gt(shared->answers[i], 0);
		answers += shared->answers[i];
	}
	ck_assert(settles(only_this_one, &spaces));
	note("%ld answers to %d processes, while %ld others ended", answers, READERS,
	     rounds * OTHERS);
}

static const struct test_case cases[] = {
	LONG_CASE(others_end, 600),
};

SUITE(query_stalled, cases, ENTRY_USUAL);
