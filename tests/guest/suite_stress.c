// SPDX-License-Identifier: GPL-2.0
/* Thousands of sealed processes, after which the module holds nothing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "keeper.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"

/* At once, so that some begin while others end. */
#define AT_ONCE		4
#define MAX_CACHES	16
/* Objects of who shares a cache with the module, where the kernel merges them. */
#define OTHERS		4
/* If each process left an object, that would have to be more. */
#define AT_LEAST	10

/* What the module held before. */
struct held {
	__u64 spaces, ranges;
	long objects[MAX_CACHES];
	char caches[MAX_CACHES][32];
	int nr_caches;
};

static void shrink(const char *cache)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ck_assert_int_eq(write(fd, "1", 1), 1);
	close(fd);
}

/* Objects in use in the module's slab caches; none listed: root alone may look. */
static void count_objects(struct held *held)
{
	FILE *slabs = fopen("/proc/slabinfo", "re");
	char line[512];

	held->nr_caches = 0;
	while (slabs && held->nr_caches < MAX_CACHES &&
	       fgets(line, sizeof(line), slabs))
		if (sscanf(line, "%31s %ld", held->caches[held->nr_caches],
			   &held->objects[held->nr_caches]) == 2 &&
		    !strncmp(line, "mseal_", 6))
			held->nr_caches++;
	if (slabs)
		fclose(slabs);
}

static void take_stock(struct held *held)
{
	struct mseal_info info = device_info();
	int i;

	held->spaces = info.spaces;
	held->ranges = info.ranges;
	count_objects(held);
	/* Free objects that a CPU keeps for itself would count as used. */
	for (i = 0; i < held->nr_caches; i++)
		shrink(held->caches[i]);
	count_objects(held);
}

static bool nothing_held(void *arg)
{
	struct mseal_info info = device_info();

	(void)arg;
	return info.spaces == keeper_spaces() && !info.ranges;
}

static void expect_nothing_left(const struct held *before, long processes)
{
	struct held after;
	int i;

	if (!settles(nothing_held, NULL))
		ck_abort_msg("%llu spaces and %llu ranges are left",
			     device_info().spaces, device_info().ranges);
	take_stock(&after);
	ck_assert_int_eq(after.nr_caches, before->nr_caches);
	if (!after.nr_caches)
		skip("the slab caches can't be seen");
	for (i = 0; i < after.nr_caches; i++) {
		note("%ld processes; %s: %ld objects before, %ld after", processes,
		     after.caches[i], before->objects[i], after.objects[i]);
		/* One for each twentieth process would be a leak. */
		ck_assert_int_le(after.objects[i], before->objects[i] + OTHERS +
				 processes / 20);
	}
}

static void begin(struct held *before)
{
	if (!settles(nothing_held, NULL))
		skip("other processes hold seals");
	take_stock(before);
}

static long enough(long count)
{
	long n = scaled(count);

	return n < AT_LEAST ? AT_LEAST : n;
}

/* Runs fn in so many children, a few at a time. */
static void run_children(long count, void (*fn)(void *), void *arg)
{
	pid_t pids[AT_ONCE];
	long started = 0, ended = 0;

	while (ended < count) {
		while (started < count && started - ended < AT_ONCE) {
			pids[started % AT_ONCE] = child_start(fn, arg);
			started++;
		}
		child_wait(pids[ended % AT_ONCE]);
		ended++;
	}
}

/* Without assertions, each of which is slow; the exit status is enough. */
static void seal_and_exit(void *arg)
{
	(void)arg;
	if (mmap(arena, 8 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED, -1, 0) != arena)
		_exit(2);
	if (seal(arena, page) || seal(arena + 2 * page, page) ||
	    seal(arena + 4 * page, 2 * page))
		_exit(3);
	if (munmap(arena, 8 * page) != -1 || errno != EPERM)
		_exit(4);
}

static void exits(int row)
{
	long processes = enough(5000);
	struct held before;

	(void)row;
	begin(&before);
	run_children(processes, seal_and_exit, NULL);
	expect_nothing_left(&before, processes);
}

static void expect_inherited(void *arg)
{
	const char *layout = arg;
	size_t i;

	for (i = 0; layout[i]; i++)
		if (munmap(arena + i * page, page) != (layout[i] == 'W' ? -1 : 0))
			_exit(2);
}

struct forks {
	long count;
	bool dontfork;
};

static void fork_and_fork(void *arg)
{
	const struct forks *forks = arg;

	layout_map(arena, "WWWwWwWW");
	layout_seal(arena, "WWWwWwWW");
	if (forks->dontfork) {
		ck_assert_int_eq(madvise(arena + page, page, MADV_DONTFORK), 0);
		ck_assert_int_eq(madvise(arena + 6 * page, 2 * page, MADV_DONTFORK), 0);
	}
	run_children(forks->count, expect_inherited,
		     forks->dontfork ? "W.WwWw.." : "WWWwWwWW");
}

static void forks_of(int row)
{
	struct forks forks = { enough(5000) / 2, false };
	struct held before;

	(void)row;
	begin(&before);
	in_child(fork_and_fork, &forks);
	forks.dontfork = true;
	in_child(fork_and_fork, &forks);
	expect_nothing_left(&before, 2 * forks.count);
}

static void sleep_sealed(void *arg)
{
	struct gate *gate = arg;

	layout_map(arena, "WWwW");
	layout_seal(arena, "WWwW");
	gate_open(gate);
	for (;;)
		pause();
}

static void killed(int row)
{
	long processes = enough(500), i;
	struct held before;
	struct gate gate;
	pid_t pid;

	(void)row;
	begin(&before);
	gate_init(&gate);
	for (i = 0; i < processes; i++) {
		pid = child_start(sleep_sealed, &gate);
		gate_wait(&gate);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		ck_assert_int_eq(wait_status(pid), SIGKILL);
	}
	expect_nothing_left(&before, processes);
}

/* Each a mapping, so that to seal them all takes long, and holds the lock. */
#define MANY	2000

static void seal_all(void)
{
	seal(arena, MANY * page);
}

static void seal_one(void)
{
	seal(arena, page);
}

static void resize(void)
{
	mremap(arena, page, 2 * page, MREMAP_MAYMOVE);
}

static const struct waiter {
	const char *name;
	void (*call)(void);
} waiters[] = {
	{ "seal", seal_one },
	{ "mremap", resize },
};

static void *call_for_ever(void *call)
{
	for (;;)
		((const struct waiter *)call)->call();
	return NULL;
}

struct waiting {
	const struct waiter *waiter;
	struct gate gate;
};

static void wait_for_the_lock(void *arg)
{
	static const struct waiter holder = { "holder", seal_all };
	struct waiting *waiting = arg;
	pthread_t threads[2];
	size_t i;

	ck_assert_ptr_eq(mmap(arena, MANY * page, PROT_READ, MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_FIXED, -1, 0), arena);
	for (i = 0; i < MANY; i += 2)
		if (mprotect(arena + i * page, page, PROT_NONE))
			_exit(2);
	ck_assert_int_eq(pthread_create(&threads[0], NULL, call_for_ever,
					(void *)&holder), 0);
	ck_assert_int_eq(pthread_create(&threads[1], NULL, call_for_ever,
					(void *)waiting->waiter), 0);
	gate_open(&waiting->gate);
	for (;;)
		pause();
}

/* Whoever is killed then comes back from the wait with nothing done. */
static void killed_waiting(int row)
{
	struct waiting waiting = { .waiter = &waiters[row] };
	long processes = enough(500), i;
	struct held before;
	pid_t pid;

	begin(&before);
	gate_init(&waiting.gate);
	srand(1);
	for (i = 0; i < processes; i++) {
		pid = child_start(wait_for_the_lock, &waiting);
		gate_wait(&waiting.gate);
		usleep(rand() % 5000);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		ck_assert_int_eq(wait_status(pid), SIGKILL);
	}
	expect_nothing_left(&before, processes);
}

static const struct test_case cases[] = {
	LONG_CASE(exits, 600),
	LONG_CASE(forks_of, 600),
	LONG_CASE(killed, 300),
	LONG_ROWS(killed_waiting, waiters, 300),
};

SUITE(stress, cases, ENTRY_USUAL);
