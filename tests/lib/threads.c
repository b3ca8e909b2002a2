// SPDX-License-Identifier: GPL-2.0
/* Many threads, none of which has been here before. */
#include <pthread.h>

#include "test.h"

#define THREADS	8
#define ROUNDS	400

static pthread_barrier_t start, stop;
static atomic_int failures;

static void *work(void *unused)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_barrier_wait(&start);
		for (int i = 0; i < 3; i++) {
			errno = ERANGE;
			if (mseal(ADDR, PAGE, 0) || errno != ERANGE)
				atomic_fetch_add(&failures, 1);
		}
		pthread_barrier_wait(&stop);
	}
	return unused;
}

/*
 * Each round begins without a descriptor and with a device of another inode, so
 * that every field of what is remembered changes under the readers.  From one
 * to all of the threads are made to open the device at the same time; one
 * descriptor is left.
 */
START_TEST(first_calls_at_once)
{
	pthread_t threads[THREADS];

	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS + 1), 0);
	ck_assert_int_eq(pthread_barrier_init(&stop, NULL, THREADS + 1), 0);
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, work, NULL), 0);
	for (int round = 0; round < ROUNDS; round++) {
		fake.crowd = fake.opens + 1 + round % THREADS;
		pthread_barrier_wait(&start);
		pthread_barrier_wait(&stop);
		ck_assert_int_eq(failures, 0);
		ck_assert_int_ge(fake.opens, fake.crowd);
		ck_holds_one();
		fake_place(fake_find(fake.device), FAKE_NONE);
		fake.device = round % 2 ? FAKE_MSEAL : FAKE_RELOADED;
	}
	for (int i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(fake.seals, THREADS * ROUNDS * 3);
}
END_TEST

TCase *threads_case(void)
{
	TCase *tcase = tcase_create("threads");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, first_calls_at_once);
	return tcase;
}
