// SPDX-License-Identifier: GPL-2.0
/* Cancellation: syscall() is no point of it, but ends wherever it is, if asked to. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

static int reached, cleaned;

static void *with_one_pending(void *at)
{
	pthread_cancel(pthread_self());
	syscall(SYS_write, -1, "", 0UL);
	syscall(NR_MSEAL, at, page, 0UL);
	mseal(at, page, 0);
	reached = 1;
	pthread_testcancel();
	reached = 2;
	return NULL;
}

START_TEST(no_point)
{
	pthread_t thread;
	void *ret;

	ck_assert_int_eq(pthread_create(&thread, NULL, with_one_pending, map(1)), 0);
	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_ptr_eq(ret, PTHREAD_CANCELED);
	ck_assert_int_eq(reached, 1);
}
END_TEST

static void clean(int *unused)
{
	(void)unused;
	cleaned++;
}

static __attribute__((noipa)) void wait_for(int fd)
{
	char byte;

	syscall(SYS_read, fd, &byte, 1UL);
	reached = 1;
}

/* What is to be cleaned up is found through the frames, with -fexceptions. */
static void *waits(void *fds)
{
	__attribute__((cleanup(clean))) int held = 0;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	wait_for(*(int *)fds);
	return NULL;
}

START_TEST(unwound)
{
	pthread_t thread;
	int fds[2];
	void *ret;

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, waits, fds), 0);
	usleep(100000);
	ck_assert_int_eq(pthread_cancel(thread), 0);
	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_ptr_eq(ret, PTHREAD_CANCELED);
	ck_assert_int_eq(reached, 0);
	ck_assert_int_eq(cleaned, 1);
}
END_TEST

TCase *cancel_case(void)
{
	TCase *tcase = tcase_create("cancel");

	tcase_add_test(tcase, no_point);
	tcase_add_test(tcase, unwound);
	return tcase;
}
