// SPDX-License-Identifier: GPL-2.0
/* The module's set of sealed ranges, in user space. */
#include <stdlib.h>

#include "sealset.h"
#include "slab.h"
#include "suites.h"

static void setup(void)
{
	ck_assert_int_eq(sealset_init(), 0);
}

static void teardown(void)
{
	ck_assert_uint_eq(slab_objects(), 0);
	ck_assert_uint_eq(sealset_total(), 0);
	sealset_exit();
	ck_assert_uint_eq(slab_caches(), 0);
}

TCase *sealset_tcase(const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, setup, teardown);
	return tcase;
}

int main(void)
{
	SRunner *runner = srunner_create(add_suite());
	int failed;

	srunner_add_suite(runner, share_suite());
	srunner_add_suite(runner, memory_suite());
	srunner_add_suite(runner, small_suite());
	srunner_add_suite(runner, random_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
