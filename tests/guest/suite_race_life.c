// SPDX-License-Identifier: GPL-2.0
/*
 * Pages are sealed one by one while their process forks, shares its memory,
 * executes, is killed, or touches them for the first time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "exec_probe.h"
#include "keeper.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"

/* Every other page is sealed, so that the seals stay separate. */
#define PAGES		64
#define AT(i)		(arena + 2 * (i) * page)
#define RW		(PROT_READ | PROT_WRITE)

/* So many of the pages are sealed: raised when a seal has returned. */
static atomic_int sealed;
static atomic_bool over;

static void map_pages(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		layout_map(AT(i), "w");
	atomic_store(&sealed, 0);
	atomic_store(&over, false);
}

/* With a mark, put on each page once its seal has returned, others may map pages. */
static void *seal_pages(void *arg)
{
	const struct timespec moment = { .tv_nsec = 1 };
	const char *mark = arg;
	int i;

	for (i = 0; i < PAGES; i++) {
		while (seal(AT(i), page))
			if (!mark || errno != ENOMEM)
				ck_abort_msg("seal: %s", strerror(errno));
		if (mark)
			*AT(i) = *mark;
		atomic_store(&sealed, i + 1);
		if (i % 4 == 3)
			nanosleep(&moment, NULL);
	}
	atomic_store(&over, true);
	return NULL;
}

static pthread_t start_sealing(const char *mark)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, seal_pages, (void *)mark), 0);
	return thread;
}

static void expect_all_sealed(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		ck_assert_msg(is_sealed(AT(i)) && *AT(i) == 0x11,
			      "page %d isn't sealed, or is another", i);
}

/* Changes nothing: asks for the protection that the page has. */
static bool is_free(int i)
{
	return !mprotect(AT(i), page, RW);
}

/*
 * What the memory says to be sealed is; the next one may be, as its seal was made
 * but not yet noted when the memory was copied; none behind it is.
 */
static int judge_copy(void)
{
	int known = atomic_load(&sealed), i;

	for (i = 0; i < PAGES; i++) {
		if (is_free(i) ? i < known : i > known)
			return 2;
		if (*AT(i) != 0x11)
			return 3;
	}
	return known && known < PAGES ? 1 : 0;
}

static long fork_while_sealing(void)
{
	pthread_t thread;
	long between = 0;

	map_pages();
	thread = start_sealing(NULL);
	while (!atomic_load(&over)) {
		pid_t pid = fork();
		int status;

		ck_assert_int_ge(pid, 0);
		if (!pid)
			_exit(judge_copy());
		status = wait_status(pid);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) < 2,
			      "a child has other seals than it should: %#x", status);
		between += WEXITSTATUS(status);
	}
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	expect_all_sealed();
	return between;
}

static long round_nr;

/* A busy machine takes more rounds until both sides have met so often. */
#define ROUNDS_MORE(times)	(20 * (times) + 200)

/* Pages stay sealed until the process ends, so each round has one of its own. */
static void repeat(long times, long (*round)(void), const char *what, long least)
{
	atomic_long *sum = mmap(NULL, sizeof(*sum), RW, MAP_SHARED | MAP_ANONYMOUS,
				-1, 0);

	ck_assert_ptr_ne(sum, MAP_FAILED);
	for (round_nr = 0; round_nr < times ||
	     (atomic_load(sum) < least && round_nr < ROUNDS_MORE(times)); round_nr++) {
		pid_t pid = fork();

		ck_assert_int_ge(pid, 0);
		if (!pid) {
			atomic_fetch_add(sum, round());
			_exit(0);
		}
		child_wait(pid);
	}
	if (what)
		note("%ld rounds, %ld %s", round_nr, atomic_load(sum), what);
	ck_assert_int_ge(atomic_load(sum), least);
}

static void fork_against_seal(int row)
{
	(void)row;
	repeat(scaled(150), fork_while_sealing, "forks between two seals",
	       scaled(150));
}

static atomic_long sharer_refused, sharer_passed, sharer_wrong;

static bool map_anew(char *at)
{
	return syscall(SYS_mmap, at, page, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		       -1, 0) == (long)at;
}

/* Whether it was done: what the page had is gone then, or nothing has changed. */
static bool make_change(unsigned int turn, char *at)
{
	if (turn % 3 == 0)
		return !syscall(SYS_mprotect, at, page, RW);
	if (turn % 3 == 1)
		return map_anew(at);
	return !syscall(SYS_munmap, at, page) && map_anew(at);
}

/* libc's errno is that of the thread that started this process: not looked at. */
static int change_shared(void *arg)
{
	unsigned int turn = 0;

	(void)arg;
	for (; !atomic_load(&over); turn++) {
		int i = (int)(turn % PAGES), before = atomic_load(&sealed);
		bool free = make_change(turn, AT(i));
		int after = atomic_load(&sealed);

		if (free ? i < before : i > after)
			atomic_fetch_add(&sharer_wrong, 1);
		atomic_fetch_add(free ? &sharer_passed : &sharer_refused, 1);
	}
	return 0;
}

static long share_while_sealing(void)
{
	static const char mark = 0x11;
	pthread_t thread;
	pid_t pid;

	map_pages();
	pid = sharer_start(change_shared, NULL, 0);
	while (atomic_load(&sharer_passed) < PAGES)
		sched_yield();
	thread = start_sealing(&mark);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(wait_status(pid), 0);
	ck_assert_int_eq(atomic_load(&sharer_wrong), 0);
	expect_all_sealed();
	return atomic_load(&sharer_refused);
}

static void sharer_against_seal(int row)
{
	(void)row;
	repeat(scaled(150), share_while_sealing, "refusals to the sharing process",
	       scaled(150));
}

static bool nothing_held(void *arg)
{
	struct mseal_info info = device_info();

	(void)arg;
	return info.spaces == keeper_spaces() && !info.ranges;
}

/* Only the module can be asked. */
static void expect_nothing_held(void)
{
	if (sealer_kind() == SEALER_DEVICE)
		ck_assert(settles(nothing_held, NULL));
}

/* At any scale, so that the sealer is met at several times. */
#define ROUNDS_LEAST	8

/* In the midst of sealing, at another time in each round. */
static void start_and_wait(void)
{
	int count = 1 + (int)(round_nr * 23 % (PAGES - 1));

	start_sealing(NULL);
	while (atomic_load(&sealed) < count)
		sched_yield();
}

static long exec_while_sealing(void)
{
	char address[32];

	snprintf(address, sizeof(address), "%p", (void *)arena);
	map_pages();
	start_and_wait();
	execl("/proc/self/exe", "mseal-test", EXEC_PROBE, address, NULL);
	ck_abort_msg("execl: %s", strerror(errno));
}

/* Its new memory is free, though an address space is soon used again. */
static void exec_against_seal(int row)
{
	(void)row;
	repeat(scaled(200) + ROUNDS_LEAST, exec_while_sealing, NULL, 0);
	expect_nothing_held();
}

static void *change_maps(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; !atomic_load(&over); i++) {
		char *at = mmap(NULL, 2 * page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		is_free(i % PAGES);
		munmap(at, 2 * page);
	}
	return NULL;
}

static void exit_all(void)
{
	_exit(0);
}

/* The others go on for a moment, with memory that nobody waits for. */
static void exit_one(void)
{
	syscall(SYS_exit, 0);
}

static void kill_all(void)
{
	kill(getpid(), SIGKILL);
}

static const struct end {
	const char *name;
	void (*end)(void);
	int status;
} ends[] = {
	{ "exit of all", exit_all, 0 },
	{ "exit of one", exit_one, 0 },
	{ "SIGKILL", kill_all, SIGKILL },
};

static void end_while_sealing(const struct end *end)
{
	pthread_t thread;

	map_pages();
	ck_assert_int_eq(pthread_create(&thread, NULL, change_maps, NULL), 0);
	start_and_wait();
	end->end();
	for (;;)
		pause();
}

static void end_against_seal(int row)
{
	for (round_nr = 0; round_nr < scaled(250) + ROUNDS_LEAST; round_nr++) {
		pid_t pid = fork();

		ck_assert_int_ge(pid, 0);
		if (!pid)
			end_while_sealing(&ends[row]);
		ck_assert_int_eq(wait_status(pid), ends[row].status);
	}
	expect_nothing_held();
}

/* Touched when their seal was there, of those that the sealer came to meet. */
static atomic_long late;

static void *touch_pages(void *arg)
{
	int i;

	for (i = PAGES - 1; i >= 0; i--) {
		atomic_fetch_add(&late, i < atomic_load(&sealed));
		*(volatile char *)(AT(i) + (long)arg) = 0x40 + i;
	}
	return NULL;
}

static void map_untouched(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		ck_assert_ptr_eq(mmap(AT(i), page, RW, MAP_PRIVATE | MAP_ANONYMOUS |
				      MAP_FIXED, -1, 0), AT(i));
	atomic_store(&sealed, 0);
	atomic_store(&over, false);
}

/* Two write for the first time to what a third one seals: nothing is lost. */
static long touch_while_sealing(void)
{
	pthread_t threads[3];
	long i;

	map_untouched();
	threads[2] = start_sealing(NULL);
	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, touch_pages, (void *)i);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < PAGES; i++)
		ck_assert(is_sealed(AT(i)) && AT(i)[0] == 0x40 + i &&
			  AT(i)[1] == 0x40 + i);
	return atomic_load(&late);
}

static void touch_against_seal(int row)
{
	(void)row;
	repeat(scaled(400), touch_while_sealing, "pages touched when they were sealed already", scaled(400));
}

static const struct test_case cases[] = {
	LONG_CASE(fork_against_seal, 600),
	LONG_CASE(sharer_against_seal, 600),
	LONG_CASE(exec_against_seal, 600),
	LONG_ROWS(end_against_seal, ends, 600),
	LONG_CASE(touch_against_seal, 600),
};

SUITE(race_life, cases, ENTRY_USUAL);
