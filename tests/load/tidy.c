// SPDX-License-Identifier: GPL-2.0
#include <check.h>
#include <unistd.h>

#include "footprint.h"
#include "modules.h"
#include "proc.h"
#include "tidy.h"
#include "tracefs.h"

#define PATCH_ENABLED	"/sys/kernel/livepatch/mseal_patch/enabled"
#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"

void patch_disable(void)
{
	ck_assert_int_eq(file_write(PATCH_ENABLED, "0"), 0);
}

static void tracing_off(void)
{
	if (tracefs_shut(tracefs_write("tracing_on", "1")))
		return;
	tracefs_reset();
	if (file_number(FTRACE_ENABLED) == 0)
		ck_assert_int_eq(file_write(FTRACE_ENABLED, "1"), 0);
}

void tidy(void)
{
	tracing_off();
	if (!access(PATCH_ENABLED, F_OK))
		patch_disable();
	ck_assert(module_gone("mseal_patch"));
	ck_assert(module_gone("mseal_rival"));
	ck_assert(module_gone("mseal"));
	footprint_expect_none();
}
