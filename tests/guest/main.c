// SPDX-License-Identifier: GPL-2.0
/* mseal-test: what mseal means, as cases; by native mseal or by the module. */
#define _GNU_SOURCE
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cases.h"
#include "counters.h"
#include "exec_probe.h"
#include "exceptions.h"
#include "filter.h"
#include "keeper.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "target.h"

#define USUAL_SECONDS	60
#define MAX_CHOSEN	32

static const struct test_suite *const suites[] = {
	&args_suite, &munmap_suite, &mmap_suite, &mprotect_suite, &kinds_suite,
	&fork_suite, &share_suite, &device_suite, &info_suite, &module_suite,
	&library_suite, &library_device_suite, &library_query_suite, &library_stress_suite, &mremap_suite,
	&madvise_suite, &madvise_range_suite, &madvise_process_suite,
	&madvise_first_suite, &madvise_uffd_suite,
	&brk_suite, &shm_suite, &aio_suite, &io_uring_suite,
	&reclaim_suite, &oom_suite,
	&args_tagged_suite, &munmap_tagged_suite, &mprotect_tagged_suite,
	&mremap_tagged_suite, &madvise_tagged_suite, &madvise_range_tagged_suite,
	&madvise_first_tagged_suite, &io_uring_tagged_suite,
	&types_suite, &types_upgrade_suite, &types_trim_suite, &types_random_suite,
	&types_report_suite, &kill_suite, &trace_suite, &query_suite, &limits_suite,
	&query_process_suite, &query_end_suite, &query_stalled_suite, &cgroup_suite,
	&cgroup_fork_suite, &fork_ranges_suite,
#ifdef __x86_64__
	&munmap_int80_suite, &mmap_int80_suite, &mprotect_int80_suite, &mremap_int80_suite,
	&madvise_int80_suite, &madvise_range_int80_suite, &madvise_first_int80_suite,
	&brk_int80_suite, &shm_int80_suite, &tracer_suite, &i386_suite,
#endif
	&stripes_suite, &storm_suite, &stress_suite, &flips_suite, &race_suite, &race_paths_suite,
	&race_life_suite, &race_outside_suite, &types_race_suite,
	&serve_suite, &serve_process_suite, &serve_module_suite,
#ifdef __x86_64__
	&serve_int80_suite, &serve_tracer_suite,
#endif
};

static struct options {
	const char *chosen[MAX_CHOSEN];
	int nr_chosen;
	bool all_but;	/* the chosen ones */
	const char *name;
	bool list, verbose, keep;
} options;

static struct totals {
	int run, failed, withheld;
} totals;

static double scale = 1;
static unsigned long seed = 1;

unsigned long test_seed(void)
{
	return seed;
}

long scaled(long count)
{
	long n = (long)((double)count * scale);

	return n > 0 ? n : 1;
}

static void usage(FILE *to)
{
	fputs("usage: mseal-test [-s SUITE]... [-x] [-n NAME] [-c] [-l] [-v] [-z]\n"
	      "  -s  run this suite only\n"
	      "  -x  run all suites but those\n"
	      "  -n  run the cases only that have NAME in their name\n"
	      "  -c  seal by system call 462, which a module with serve_syscall=1 serves\n"
	      "  -k  keep the module's checks patched in from beginning to end\n"
	      "  -l  list the cases and, where native mseal isn't asked, the reason\n"
	      "  -v  a line for each case\n"
	      "  -z  seal nothing: every case that needs a seal must fail\n"
	      "Counts of the long cases are multiplied by MSEAL_TEST_SCALE, and what is at\n"
	      "random begins with MSEAL_TEST_SEED.\n", to);
}

static bool suite_exists(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (!strcmp(suites[i]->name, name))
			return true;
	return false;
}

static void parse(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "s:xn:cklvzh")) != -1) {
		if (opt == 's' && suite_exists(optarg) &&
		    options.nr_chosen < MAX_CHOSEN)
			options.chosen[options.nr_chosen++] = optarg;
		else if (opt == 'x')
			options.all_but = true;
		else if (opt == 'n')
			options.name = optarg;
		else if (opt == 'c')
			sealer_call();
		else if (opt == 'k')
			options.keep = true;
		else if (opt == 'l')
			options.list = true;
		else if (opt == 'v')
			options.verbose = true;
		else if (opt == 'z')
			sealer_sham();
		else
			goto bad;
	}
	if (optind == argc)
		return;
bad:
	usage(opt == 'h' ? stdout : stderr);
	exit(opt == 'h' ? 0 : 2);
}

/* These bring their filters themselves. */
static bool about_the_call(const struct test_suite *suite)
{
	return !strncmp(suite->name, "serve", strlen("serve"));
}

static bool suite_chosen(const struct test_suite *suite)
{
	int i;

	if (about_the_call(suite) && (sealer_kind() == SEALER_DEVICE ||
				      sealer_kind() == SEALER_SHAM))
		return false;
	for (i = 0; i < options.nr_chosen; i++)
		if (!strcmp(options.chosen[i], suite->name))
			return !options.all_but;
	return options.all_but || !options.nr_chosen;
}

static bool by_module(void)
{
	return sealer_kind() == SEALER_DEVICE || sealer_kind() == SEALER_CALL;
}

/* A TCase for each row, so that each has a name, a limit and a line of its own. */
static void add_row(Suite *to, const struct test_suite *suite,
		    const struct test_case *test, int row)
{
	const char *reason;
	TTest *ttest;
	TCase *tcase;
	char *id;

	if (asprintf(&id, test->rows ? "%s/%s:%s" : "%s/%s", suite->name, test->name,
		     test->rows ? *(const char *const *)((const char *)test->rows +
							 row * test->row_size) : "") < 0)
		abort();
	if (options.name && !strstr(id, options.name))
		return;
	reason = native_exception(id);
	if (options.list)
		printf("%s%s%s\n", id, reason ? "  -- module only: " : "",
		       reason ? reason : "");
	if ((reason && !by_module()) ||
	    (sealer_kind() == SEALER_CALL && served_exception(id))) {
		totals.withheld++;
		return;
	}
	ttest = calloc(1, sizeof(*ttest));
	if (!ttest)
		abort();
	ttest->name = id;
	ttest->fn = test->fn;
	ttest->file = test->file;
	tcase = tcase_create(suite->name);
	if (by_module())
		tcase_add_checked_fixture(tcase, sealer_open, NULL);
	if (sealer_kind() == SEALER_CALL && !about_the_call(suite))
		tcase_add_checked_fixture(tcase, filter_allow_all, NULL);
	tcase_set_timeout(tcase, test->seconds ? test->seconds : USUAL_SECONDS);
	tcase_add_loop_test(tcase, ttest, row, row + 1);
	suite_add_tcase(to, tcase);
}

static Suite *build(const struct test_suite *suite)
{
	Suite *built = suite_create(suite->name);
	size_t i;
	int row;

	for (i = 0; i < suite->nr_cases; i++)
		for (row = 0; row < (suite->cases[i].rows ?
				     suite->cases[i].nr_rows : 1); row++)
			add_row(built, suite, &suite->cases[i], row);
	return built;
}

static void run(const struct test_suite *suite)
{
	const char *obstacle;
	SRunner *runner;

	entry_use(suite->entry);
	obstacle = entry_obstacle();
	if (obstacle) {
		printf("skipped suite %s: %s\n", suite->name, obstacle);
		return;
	}
	runner = srunner_create(build(suite));
	if (!options.list) {
		srunner_set_fork_status(runner, CK_FORK);
		srunner_run_all(runner, options.verbose ? CK_VERBOSE : CK_NORMAL);
		fflush(stdout);
		totals.run += srunner_ntests_run(runner);
		totals.failed += srunner_ntests_failed(runner);
	}
	srunner_free(runner);
}

static int summarize(void)
{
	int skipped = report_print();

	counters_print();
	if (totals.withheld)
		printf("%d cases aren't for who seals here\n", totals.withheld);
	printf("%d cases skipped: this machine lacks what they need\n", skipped);
	printf("%d cases passed, %d failed\n",
	       totals.run - totals.failed - skipped, totals.failed);
	if (!totals.run)
		fputs("mseal-test: no case was run\n", stderr);
	return totals.failed || !totals.run;
}

static void read_environment(void)
{
	const char *text = getenv("MSEAL_TEST_SCALE");

	if (text)
		scale = atof(text);
	text = getenv("MSEAL_TEST_SEED");
	if (text)
		seed = strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	struct utsname uts;
	size_t i;

	mem_init();
	if (argc == 3 && !strcmp(argv[1], EXEC_PROBE))
		return exec_probe(argv[2]);
	if (argc == 2 && !strcmp(argv[1], EXEC_WAIT))
		return exec_wait();
	read_environment();
	setvbuf(stdout, NULL, _IOLBF, 0);
	report_init();
	parse(argc, argv);
	if (sealer_kind() == SEALER_CALL && !filter_makes_served()) {
		fputs("mseal-test: nobody serves system call 462\n", stderr);
		return 2;
	}
	if (sealer_kind() == SEALER_ABSENT && sealer_find() == SEALER_ABSENT &&
	    !options.list) {
		fputs("mseal-test: neither native mseal nor a usable /dev/mseal\n",
		      stderr);
		return 2;
	}
	if (options.keep && by_module() && !options.list)
		keeper_start();
	uname(&uts);
	if (!options.list)
		printf("sealing by %s on Linux %s, uid %d\n", sealer_name(),
		       uts.release, getuid());
	for (i = 0; i < ARRAY_SIZE(suites); i++)
		if (suite_chosen(suites[i]))
			run(suites[i]);
	return options.list ? 0 : summarize();
}
