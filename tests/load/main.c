// SPDX-License-Identifier: GPL-2.0
/* mseal-load-test: loads and unloads /mseal.ko, and keeps it from loading. */
#define _GNU_SOURCE
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "pressure.h"
#include "report.h"
#include "suites.h"
#include "tidy.h"

#define USUAL_SECONDS	120
#define MAX_CHOSEN	16

/* Each fits one kind of boot, so none is run unless asked for. */
static const struct test_suite *const suites[] = {
	&basic_suite, &refused_suite, &conflicts_suite, &tracers_suite,
	&drain_suite, &kernel_suite, &kernel_btf_suite, &cycles_suite, &disabled_suite,
	&disabled_bare_suite, &disabled_unclear_suite, &enabled_suite,
	&lockdown_suite, &lockdown_later_suite, &signatures_suite, &native_suite,
	&races_suite, &forced_suite, &ftrace_end_noticed_suite,
	&ftrace_end_unnoticed_suite, &ftrace_ended_before_suite, &faults_suite,
	&faults_load_suite, &faults_fork_suite, &faults_first_suite,
	&leaks_suite,
};

static const struct test_suite *chosen[MAX_CHOSEN];
static int nr_chosen;
static const char *only;
static double scale = 1;

long scaled(long count)
{
	long n = (long)((double)count * scale);

	return n > 0 ? n : 1;
}

static void usage(void)
{
	size_t i;

	fputs("usage: mseal-load-test [-n NAME] SUITE...\n"
	      "  -n  the cases only that have NAME in their name\n"
	      "Counts of the long cases are multiplied by MSEAL_TEST_SCALE.\n"
	      "Suites:", stderr);
	for (i = 0; i < ARRAY_SIZE(suites); i++)
		fprintf(stderr, " %s", suites[i]->name);
	fputs("\n", stderr);
	exit(2);
}

static void choose(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++) {
		if (strcmp(suites[i]->name, name))
			continue;
		if (nr_chosen == MAX_CHOSEN)
			usage();
		chosen[nr_chosen++] = suites[i];
		return;
	}
	usage();
}

static void parse(int argc, char **argv)
{
	const char *text = getenv("MSEAL_TEST_SCALE");
	int opt;

	if (text)
		scale = atof(text);
	while ((opt = getopt(argc, argv, "n:")) != -1) {
		if (opt != 'n')
			usage();
		only = optarg;
	}
	while (optind < argc)
		choose(argv[optind++]);
	if (!nr_chosen)
		usage();
}

/* Every other case is followed by one whose setup sees to that. */
static void nothing_left(int row)
{
	(void)row;
	tidy();
}

/* What these do to the kernel lasts until it boots again. */
static bool lasts(const struct test_suite *suite)
{
	return suite == &forced_suite ||
	       suite == &ftrace_end_noticed_suite ||
	       suite == &ftrace_end_unnoticed_suite ||
	       suite == &ftrace_ended_before_suite;
}

/* A TCase for each row, so that each has a name, a limit and a line of its own. */
static void add_row(Suite *to, const struct test_suite *suite,
		    const struct test_case *test, int row)
{
	TTest *ttest = calloc(1, sizeof(*ttest));
	TCase *tcase;
	char *id;

	if (!ttest ||
	    asprintf(&id, test->rows ? "%s/%s:%s" : "%s/%s", suite->name, test->name,
		     test->rows ? *(const char *const *)((const char *)test->rows +
							 row * test->row_size) : "") < 0)
		abort();
	if (only && test->fn != nothing_left && !strstr(id, only)) {
		free(id);
		free(ttest);
		return;
	}
	ttest->name = id;
	ttest->fn = test->fn;
	ttest->file = test->file;
	tcase = tcase_create(suite->name);
	tcase_add_unchecked_fixture(tcase, tidy, NULL);
	tcase_set_timeout(tcase, test->seconds ? test->seconds : USUAL_SECONDS);
	tcase_add_loop_test(tcase, ttest, row, row + 1);
	suite_add_tcase(to, tcase);
}

static Suite *build(const struct test_suite *suite)
{
	static const struct test_case last = CASE(nothing_left);
	Suite *built = suite_create(suite->name);
	size_t i;
	int row;

	for (i = 0; i < suite->nr_cases; i++)
		for (row = 0; row < (suite->cases[i].rows ?
				     suite->cases[i].nr_rows : 1); row++)
			add_row(built, suite, &suite->cases[i], row);
	if (!lasts(suite))
		add_row(built, suite, &last, 0);
	return built;
}

/* A suite at a time, so that its results are seen when it is done. */
static bool run(const struct test_suite *suite)
{
	SRunner *runner = srunner_create(build(suite));
	bool good;

	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_VERBOSE);
	fflush(stdout);
	good = srunner_ntests_run(runner) && !srunner_ntests_failed(runner);
	srunner_free(runner);
	return good;
}

int main(int argc, char **argv)
{
	bool good = true;
	int i;

	if (argc == 2 && !strcmp(argv[1], PRESSURE_EXEC))
		return EXIT_SUCCESS;
	setvbuf(stdout, NULL, _IOLBF, 0);
	mem_init();
	report_init();
	parse(argc, argv);
	for (i = 0; i < nr_chosen; i++)
		good = run(chosen[i]) && good;
	report_print();
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
