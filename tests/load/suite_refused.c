// SPDX-License-Identifier: GPL-2.0
/* Loads that an administrator's settings forbid. */
#define _GNU_SOURCE
#include <errno.h>

#include "footprint.h"
#include "modules.h"
#include "proc.h"
#include "sealed.h"
#include "sealer.h"
#include "suites.h"
#include "tracefs.h"

#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"

static const struct parameter_row {
	const char *parameters;
	int want;
	const char *words;
} parameter_rows[] = {
	{ "disable=1", EPERM, "not loading: |disable" },
	{ "disable=Y", EPERM, "not loading: |disable" },
	{ "disable", EPERM, "not loading: |disable" },
	{ "disable=0 disable=1", EPERM, "not loading: |disable" },
	{ "disable=junk", EINVAL, "`junk' invalid for parameter `disable'" },
	{ "new_seals=junk", EINVAL, "`junk' invalid for parameter `new_seals'" },
	{ "max_ranges=junk", EINVAL, "`junk' invalid for parameter `max_ranges'" },
};

static void parameter(int row)
{
	const struct parameter_row *r = &parameter_rows[row];

	mseal_load_refused(r->parameters, r->want, r->words);
}

static void other_values(int row)
{
	(void)row;
	ck_assert_int_eq(module_load("mseal", "disable=1 disable=0 new_seals=1 "
				     "max_ranges=1000"), 0);
	ck_assert_int_eq(sealer_find(), SEALER_DEVICE);
	seal_and_exit();
	mseal_unload();
}

static void ftrace_off(int row)
{
	(void)row;
	ck_assert_int_eq(file_write(FTRACE_ENABLED, "0"), 0);
	mseal_load_refused("", EBUSY, "not loading: |ftrace_enabled");
	ck_assert_int_eq(file_number(FTRACE_ENABLED), 0);
	ck_assert_int_eq(file_write(FTRACE_ENABLED, "1"), 0);
	mseal_load();
	seal_and_exit();
}

/* The module that is there is not harmed by it. */
static void second_load(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	mseal_load_refused("", EEXIST, NULL);
	mseal_load_refused("disable=1", EEXIST, NULL);
	sealed_check(&process);
	sealed_end(&process);
	mseal_unload();
}

static const struct test_case cases[] = {
	ROWS(parameter, parameter_rows),
	CASE(other_values),
	CASE(ftrace_off),
	CASE(second_load),
};

SUITE(refused, cases, ENTRY_USUAL);
