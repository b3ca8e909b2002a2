// SPDX-License-Identifier: GPL-2.0
/*
 * mseal() cut in two at every point where it asks the kernel: by a signal
 * handler that calls it too, by a fork(), by a program that closes descriptors.
 */
#include <signal.h>
#include <stdbool.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* More than any call of mseal() makes. */
#define POINTS 24

static const enum start { FRESH, REMEMBERED, LOST, STARTS } starts[] = {
	FRESH, REMEMBERED, LOST,
};

static bool fired;
static enum fake_file swap_for;
static pid_t child;
static int nested;

/* Loop tests count one number: point and start of the call in one. */
static void begin(int i, void (*hook)(void))
{
	enum start start = starts[i % STARTS];

	if (start != FRESH)
		ck_seals();
	if (start == LOST)
		fake_place(fake_find(FAKE_MSEAL), FAKE_NONE);
	fake.hook = hook;
	fake.hook_at = fake.calls + 1 + i / STARTS;
}

/* A hook may only be missed where the call was over before. */
static void end(void)
{
	ck_assert(fired || fake.calls < fake.hook_at);
}

START_TEST(points_cover_every_call)
{
	begin(_i, NULL);
	fake.calls = 0;
	ck_seals();
	ck_assert_int_lt(fake.calls, POINTS);
}
END_TEST

static void seal_in_handler(void)
{
	fired = true;
	errno = ENOEXEC;
	nested = mseal(ADDR, PAGE, 0);
	if (errno != ENOEXEC)
		nested = -1;
}

START_TEST(signal_handler_seals)
{
	int before;

	begin(_i, seal_in_handler);
	before = fake.seals;
	ck_seals();
	end();
	ck_assert_int_eq(nested, 0);
	ck_assert_int_eq(fake.seals, before + 1 + fired);
	ck_seals();
	ck_holds_one();
}
END_TEST

static void fork_now(void)
{
	fired = true;
	child = fork();
}

START_TEST(fork_meanwhile)
{
	int status, ret, again;

	child = -1;
	begin(_i, fork_now);
	ret = mseal(ADDR, PAGE, 0);
	again = mseal(ADDR, PAGE, 0);
	if (child == 0)
		_exit(ret || again || fake_count(FAKE_MSEAL) != 1 || fake.foreign);
	end();
	ck_assert_int_eq(ret, 0);
	ck_assert_int_eq(again, 0);
	ck_holds_one();
	if (fired) {
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert_int_eq(status, 0);
	}
}
END_TEST

static void swap(void)
{
	int fd = fake_find(FAKE_MSEAL);

	fired = true;
	if (fd >= 0)
		fake_place(fd, swap_for);
}

/*
 * Swapped between check and use the descriptor is asked once in vain, and no
 * harm is done to what is there.
 */
START_TEST(remembered_is_swapped_meanwhile)
{
	static const enum fake_file files[] = { FAKE_NONE, FAKE_PLAIN, FAKE_CHAR };
	int before, fd;

	swap_for = files[_i % 3];
	begin(_i / 3 * STARTS + REMEMBERED, swap);
	fd = fake_find(FAKE_MSEAL);
	before = fake_count(swap_for);
	ck_seals();
	end();
	ck_assert_int_le(fake.foreign, 1);
	if (fired && swap_for != FAKE_NONE) {
		ck_assert_int_eq(fake_file(fd), swap_for);
		ck_assert_int_eq(fake_count(swap_for), before + 1);
	}
	ck_seals();
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 1);
}
END_TEST

/* A descriptor that isn't even remembered yet: the next call is none the worse. */
START_TEST(new_one_is_closed_meanwhile)
{
	int ret;

	swap_for = FAKE_NONE;
	begin(_i, swap);
	errno = ERANGE;
	ret = mseal(ADDR, PAGE, 0);
	end();
	ck_assert(ret ? errno == ENOSYS : errno == ERANGE);
	ck_seals();
	ck_seals();
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 1);
	ck_assert_int_eq(fake_count(FAKE_PLAIN), 3);
}
END_TEST

static volatile sig_atomic_t alarms, failures;

static void on_alarm(int sig)
{
	int saved = errno;

	(void)sig;
	errno = ENOEXEC;
	if (mseal(ADDR, PAGE, 0) || errno != ENOEXEC)
		failures++;
	alarms++;
	errno = saved;
}

/* Anywhere, not only at calls; what is remembered changes all the time. */
START_TEST(real_signals)
{
	struct itimerval every = { { 0, 100 }, { 0, 100 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };

	ck_assert(signal(SIGALRM, on_alarm) != SIG_ERR);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &every, NULL), 0);
	while (alarms < 1000) {
		int fd;

		ck_seals();
		fd = fake_find(fake.device);
		fake.device = fake.device == FAKE_MSEAL ? FAKE_RELOADED : FAKE_MSEAL;
		fake_place(fd, FAKE_NONE);
	}
	ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
	ck_assert_int_eq(failures, 0);
	ck_seals();
	ck_holds_one();
}
END_TEST

static void swap_opened(void)
{
	fake_place(fake_find(FAKE_YES), FAKE_MSEAL);
}

/* What answers as the device isn't what was looked at before. */
START_TEST(swapped_while_verified)
{
	fake.device = FAKE_YES;
	fake.hook = swap_opened;
	/* Opened by the second call, looked at by the third. */
	fake.hook_at = 4;
	ck_refuses(ENOSYS);
	ck_assert_int_eq(fake_file(3), FAKE_MSEAL);
	ck_assert_int_eq(fake.infos, 1);
	fake.device = FAKE_MSEAL;
	ck_seals();
	fake_place(fake_find(FAKE_MSEAL), FAKE_YES);
	ck_seals();
	ck_assert_int_eq(fake.foreign, 0);
}
END_TEST

static void swap_given(void)
{
	fake_place(9, fake_file(9) == FAKE_YES ? FAKE_MSEAL : FAKE_NONE);
}

START_TEST(given_swapped_while_verified)
{
	static const enum fake_file before[] = { FAKE_YES, FAKE_MSEAL };

	fake_place(9, before[_i]);
	fake.hook = swap_given;
	/* It asks, or it looks again. */
	fake.hook_at = fake.calls + 2 + _i;
	errno = 0;
	ck_assert_int_eq(mseal_use_fd(9), -1);
	ck_assert_int_eq(errno, EBADF);
	fake_place(9, FAKE_YES);
	ck_seals();
	ck_assert_int_eq(fake.foreign, 0);
	ck_assert_int_eq(fake.opens, 1);
}
END_TEST

TCase *interrupt_case(void)
{
	TCase *tcase = tcase_create("interrupt");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, points_cover_every_call, 0, STARTS);
	tcase_add_loop_test(tcase, signal_handler_seals, 0, POINTS * STARTS);
	tcase_add_loop_test(tcase, fork_meanwhile, 0, POINTS * STARTS);
	tcase_add_loop_test(tcase, remembered_is_swapped_meanwhile, 0, POINTS * 3);
	tcase_add_loop_test(tcase, new_one_is_closed_meanwhile, 0, POINTS * STARTS);
	tcase_add_test(tcase, swapped_while_verified);
	tcase_add_loop_test(tcase, given_swapped_while_verified, 0, 2);
	tcase_add_test(tcase, real_signals);
	return tcase;
}
