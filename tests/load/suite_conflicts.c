// SPDX-License-Identifier: GPL-2.0
/*
 * Others who want a function for themselves, where the kernel lets only one have
 * it: whoever comes second is turned away, and the first isn't disturbed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "footprint.h"
#include "kmsg.h"
#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"
#include "tidy.h"

static const struct rival {
	const char *name;
	const char *module;
	const char *parameters;
	const char *function;
	void (*disable)(void);
} rivals[] = {
	{ .name = "ftrace", .module = "mseal_rival",
	  .parameters = "function=mmap_region", .function = "mmap_region" },
	{ .name = "ftrace, exit", .module = "mseal_rival",
	  .parameters = "function=exit_mmap", .function = "exit_mmap" },
	{ .name = "kprobe", .module = "mseal_rival",
	  .parameters = "function=mprotect_fixup kprobe=1",
	  .function = "mprotect_fixup" },
	{ .name = "live patch", .module = "mseal_patch", .parameters = "",
	  .function = "uprobe_dup_mmap", .disable = patch_disable },
};

static void expect_turned_away(const char *function)
{
	char words[128];

	snprintf(words, sizeof(words), "not loading: can't hook %s()|live patch",
		 function);
	mseal_load_refused("", EBUSY, words);
}

static void need_rival(const struct rival *rival)
{
	if (rival->disable && access("/sys/kernel/livepatch", F_OK))
		skip("this kernel takes no live patches");
}

static void theirs_first(int row)
{
	const struct rival *rival = &rivals[row];
	struct footprint *theirs;

	need_rival(rival);
	ck_assert_int_eq(module_load(rival->module, rival->parameters), 0);
	theirs = footprint_take();
	ck_assert_int_eq(hooks_count(theirs), 1);
	ck_assert(hooked(theirs, rival->function));
	free(theirs);
	expect_turned_away(rival->function);
	expect_turned_away(rival->function);

	if (rival->disable)
		rival->disable();
	ck_assert(module_gone(rival->module));
	footprint_expect_none();
	mseal_load();
	seal_and_exit();
}

static void ours_first(int row)
{
	const struct rival *rival = &rivals[row];
	struct footprint *ours;
	struct sealed process;

	need_rival(rival);
	mseal_load();
	ours = footprint_take();
	ck_assert(hooked(ours, rival->function));
	sealed_start(&process);
	ck_assert_int_eq(module_load(rival->module, rival->parameters), EBUSY);
	ck_assert(!module_loaded(rival->module));
	sealed_check(&process);
	footprint_expect_same(ours);
	sealed_end(&process);
	mseal_unload();

	ck_assert_int_eq(module_load(rival->module, rival->parameters), 0);
}

/* Wherever in its row of hooks the module is stopped, it takes back the others. */
static void each_function(int row)
{
	char parameters[128];
	struct hooks hooks;
	unsigned int i;

	(void)row;
	mseal_load();
	hooks_ask(&hooks);
	mseal_unload();
	for (i = 0; i < hooks.nr; i++) {
		snprintf(parameters, sizeof(parameters), "function=%s",
			 hooks.hook[i].function);
		ck_assert_int_eq(module_load("mseal_rival", parameters), 0);
		expect_turned_away(hooks.hook[i].function);
		ck_assert_int_eq(module_unload("mseal_rival"), 0);
		footprint_expect_none();
	}
	mseal_load();
	seal_and_exit();
	note("turned away from each of %u functions", hooks.nr);
}

static const struct test_case cases[] = {
	ROWS(theirs_first, rivals),
	ROWS(ours_first, rivals),
	CASE(each_function),
};

SUITE(conflicts, cases, ENTRY_USUAL);
