// SPDX-License-Identifier: GPL-2.0
/* What is loaded later. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"
#include "suites.h"

#define OPENER	PROGRAMS "opener"
#define PLUGIN	PROGRAMS "libplugin.so"
#define STAYS	PROGRAMS "libstays.so"

static void prepare(void)
{
	tries_forget();
	setenv("LD_PRELOAD", PROGRAMS "libtries.so", 1);
}

static const struct {
	const char *name;
	const char *policy;
	const char *how, *file;
	const char *said;
	int refused, passed;
} rows[] = {
	{ "plugin", "enforce", "open", PLUGIN, "opened %s\n", 0, 4 },
	{ "plugin_all", "enforce,all", "open", PLUGIN, "opened %s\n", 4, 0 },
	{ "try_all", "try,all", "open", PLUGIN, "opened %s\n", 4, 0 },
	{ "report_all", "report,all", "open", PLUGIN, "opened %s\n", 0, 4 },
	{ "off_all", "off,all", "open", PLUGIN, "opened %s\n", 0, 4 },
	{ "closed", "enforce", "close", PLUGIN, "opened %s gone\n", 0, 0 },
	{ "closed_all", "enforce,all", "close", PLUGIN, "opened %s stays\n", 4, 0 },
	{ "closed_report_all", "report,all", "close", PLUGIN, "opened %s gone\n",
	  0, 0 },
	{ "stays", "enforce", "open", STAYS, "opened %s\n", 4, 0 },
	{ "stays_closed", "try", "close", STAYS, "opened %s stays\n", 4, 0 },
	{ "made_to_stay", "enforce", "nodelete", PLUGIN, "opened %s\n", 4, 0 },
};

CASE_FN(later)
{
	struct outcome outcome;
	char option[64], said[256];

	snprintf(option, sizeof(option), "--auto=%s", rows[row].policy);
	outcome = run("mseal", "run", option, OPENER, rows[row].how, rows[row].file,
		      NULL);
	snprintf(said, sizeof(said), rows[row].said, rows[row].file);
	ck_assert_str_eq(outcome.err, "");
	ck_assert_str_eq(outcome.out, said);
	ck_assert_int_eq(outcome.status, 0);
	ck_assert_int_eq(tries("refused", rows[row].file), rows[row].refused);
	ck_assert_int_eq(tries("passed", rows[row].file), rows[row].passed);
}

/* Found by a path that is for what this program opens only. */
CASE_FN(by_callers_path)
{
	struct outcome outcome = run("mseal", "run", "--auto=enforce,all", OPENER,
				     "open", "libhidden.so", PLUGIN, NULL);

	ck_assert_str_eq(outcome.out, "opened libhidden.so\nopened " PLUGIN "\n");
	ck_assert_int_eq(outcome.status, 0);
	ck_assert_int_eq(tries("refused", "libhidden.so"), 4);
	ck_assert_int_eq(tries("refused", PLUGIN), 4);
}

CASE_FN(missing)
{
	struct outcome outcome = run("mseal", "run", "--auto=enforce,all", OPENER,
				     "open", "/nowhere/lib.so", NULL);

	ck_assert_str_eq(outcome.out, "/nowhere/lib.so: cannot open shared object "
			 "file: No such file or directory\n");
	ck_assert_int_eq(outcome.status, 0);
}

static const struct {
	const char *policy;
	const char *said;
} stacks[] = {
	{ "off", "opened " PROGRAMS "libexecstack.so\n" },
	{ "report", "opened " PROGRAMS "libexecstack.so\n" },
	{ "try", "opened " PROGRAMS "libexecstack.so\n" },
	{ "enforce", PROGRAMS "libexecstack.so: cannot change memory protections: "
	  "Operation not permitted\n" },
};

CASE_FN(executable_stack)
{
	struct outcome outcome;
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", stacks[row].policy);
	outcome = run("mseal", "run", option, OPENER, "open",
		      PROGRAMS "libexecstack.so", NULL);
	ck_assert_str_eq(outcome.out, stacks[row].said);
	ck_assert_int_eq(outcome.status, 0);
}

CASE_FN(executable_stack_by_loader)
{
	struct outcome outcome = run("mseal", "run", "--auto=try", LOADER, OPENER,
				     "open", PROGRAMS "libexecstack.so", NULL);

	ck_assert_str_eq(outcome.out, "opened " PROGRAMS "libexecstack.so\n");
	ck_assert_int_eq(outcome.status, 0);
}

/* Where nothing new was loaded, nothing is opened: that would be the end here. */
static const struct {
	const char *name;
	const char *policy, *file;
	const char *said;
} boxes[] = {
	{ "off", "off", PLUGIN, "opened program\nopened " PLUGIN "\n" },
	{ "nothing", "try", NULL, "opened program\n" },
	{ "plugin", "try", PLUGIN, "opened program\nopened " PLUGIN "\n" },
	{ "all", "enforce,all", PLUGIN, "opened program\nopened " PLUGIN "\n" },
	{ "stays", "enforce", STAYS, "opened program\nopened " STAYS "\n" },
};

CASE_FN(sandboxed)
{
	struct outcome outcome;
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", boxes[row].policy);
	outcome = run("mseal", "run", option, OPENER, "sandboxed", boxes[row].file,
		      NULL);
	ck_assert_str_eq(outcome.err, "");
	ck_assert_str_eq(outcome.out, boxes[row].said);
	ck_assert_int_eq(outcome.status, 0);
}

static const struct {
	const char *policy;
} often[] = { { "enforce" }, { "enforce,all" }, { "try" }, { "report,all" } };

CASE_FN(by_threads)
{
	struct outcome outcome;
	char option[64];

	snprintf(option, sizeof(option), "--auto=%s", often[row].policy);
	outcome = run("mseal", "run", option, OPENER, "threads", PLUGIN, STAYS, NULL);
	ck_assert_str_eq(outcome.err, "");
	ck_assert_str_eq(outcome.out, "opened often\nopened often\n"
			 "opened often\nopened often\n0 devices\n");
	ck_assert_int_eq(outcome.status, 0);
	ck_assert_int_eq(tries("refused", STAYS),
			 strcmp(often[row].policy, "report,all") ? 4 : 0);
}

/* A child has no use for what another thread was just sealing by. */
CASE_FN(by_threads_and_forks)
{
	struct outcome outcome = run("mseal", "run", "--auto=enforce", OPENER, "forks",
				     PLUGIN, STAYS, NULL);

	ck_assert_str_eq(outcome.err, "");
	ck_assert_str_eq(outcome.out, "opened often\nopened often\n"
			 "opened often\nopened often\n"
			 "0 devices\n0 devices in children\n");
	ck_assert_int_eq(outcome.status, 0);
}

static const struct test tests[] = {
	TABLE(later, rows),
	TEST(by_callers_path),
	TEST(missing),
	TABLE(executable_stack, stacks),
	TEST(executable_stack_by_loader),
	TABLE(sandboxed, boxes),
	TABLE(by_threads, often),
	TEST(by_threads_and_forks),
};

const struct suite dlopen_suite = {
	"dlopen", prepare, tests, sizeof(tests) / sizeof(*tests),
};
