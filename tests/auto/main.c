// SPDX-License-Identifier: GPL-2.0
/*
 * usage: auto-test [NAME]
 * mseal run and libmseal-auto.so, in a guest that tests/auto/run has filled: all
 * cases, or those with NAME in their name.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

#define SECONDS	120

static const struct suite *const suites[] = {
	&policy_suite, &refused_suite, &config_suite, &object_suite, &dlopen_suite,
};

static const char *only = "";

static void add(Suite *to, const struct suite *suite, const struct test *test, int row)
{
	const char *name = test->rows ? *(const char *const *)((const char *)test->rows +
							       row * test->row_size) : "";
	TTest *ttest;
	TCase *tcase;
	char *id;

	if (asprintf(&id, "%s/%s:%s", suite->name, test->name, name) < 0)
		abort();
	if (!strstr(id, only))
		return;
	ttest = calloc(1, sizeof(*ttest));
	if (!ttest)
		abort();
	ttest->name = id;
	ttest->fn = test->fn;
	ttest->file = suite->name;
	tcase = tcase_create(id);
	tcase_set_timeout(tcase, SECONDS);
	if (suite->prepare)
		tcase_add_checked_fixture(tcase, suite->prepare, NULL);
	tcase_add_loop_test(tcase, ttest, row, row + 1);
	suite_add_tcase(to, tcase);
}

static Suite *build(const struct suite *suite)
{
	Suite *built = suite_create(suite->name);
	size_t i;
	int row;

	for (i = 0; i < suite->nr_tests; i++) {
		const struct test *test = &suite->tests[i];

		for (row = 0; row < (test->rows ? test->nr_rows : 1); row++)
			add(built, suite, test, row);
	}
	return built;
}

int main(int argc, char **argv)
{
	size_t nr = sizeof(suites) / sizeof(suites[0]), i;
	SRunner *runner;
	int failed, all;

	if (argc > 1)
		only = argv[1];
	runner = srunner_create(build(suites[0]));
	for (i = 1; i < nr; i++)
		srunner_add_suite(runner, build(suites[i]));
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	all = srunner_ntests_run(runner);
	srunner_free(runner);
	return failed || !all;
}
