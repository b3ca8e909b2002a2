// SPDX-License-Identifier: GPL-2.0
/*
 * Two address spaces that share a set look into it and then change it, each
 * under a lock of its own, so that only the reference count orders them.  For
 * ThreadSanitizer.
 */
#include <check.h>
#include <linux/slab.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "inside.h"

#define ROUNDS	3000
/* To copy fewer takes so little time that hardly ever both do. */
#define RANGES	32
#define PAGE	4096ul
#define END	(2 * PAGE * RANGES - 1)

struct owner {
	struct sealset *set;
	pthread_barrier_t *together;
};

static void *look_and_change(void *arg)
{
	struct owner *owner = arg;

	pthread_barrier_wait(owner->together);
	ck_assert(sealset_hit(owner->set, 0, END, 1));
	ck_assert_int_eq(sealset_add(&owner->set, 0, END, 2, UINT_MAX), 0);
	ck_assert(sealset_hit(owner->set, PAGE, 2 * PAGE - 1, 2));
	return NULL;
}

static struct sealset *some_ranges(void)
{
	struct sealset *set = sealset_create(GFP_KERNEL_ACCOUNT);

	for (unsigned long i = 0; i < RANGES; i++)
		ck_assert_int_eq(sealset_add(&set, i * 2 * PAGE,
					     i * 2 * PAGE + PAGE - 1, 1,
					     UINT_MAX), 0);
	return set;
}

START_TEST(copy_on_write)
{
	pthread_barrier_t together;
	unsigned int round, kept = 0;

	ck_assert_int_eq(sealset_init(), 0);
	pthread_barrier_init(&together, NULL, 2);
	for (round = 0; round < ROUNDS; round++) {
		struct sealset *old = some_ranges();
		struct owner parent = { old, &together };
		struct owner child = { sealset_get(old), &together };
		pthread_t thread;

		pthread_create(&thread, NULL, look_and_change, &child);
		look_and_change(&parent);
		pthread_join(thread, NULL);
		ck_assert_ptr_ne(parent.set, child.set);
		ck_assert_ptr_null(sealset_flaw(parent.set));
		ck_assert_ptr_null(sealset_flaw(child.set));
		kept += parent.set == old || child.set == old;
		sealset_put(parent.set);
		sealset_put(child.set);
	}
	pthread_barrier_destroy(&together);
	ck_assert_uint_eq(sealset_total(), 0);
	sealset_exit();
	/* Both ways must have been gone: both copied, and the last one did not. */
	printf("race: of %d shared sets %u were changed in place in the end\n",
	       ROUNDS, kept);
	ck_assert_uint_gt(kept, 0);
	ck_assert_uint_lt(kept, ROUNDS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("race");
	TCase *tcase = tcase_create("race");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, copy_on_write);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
