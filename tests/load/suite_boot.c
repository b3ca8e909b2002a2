// SPDX-License-Identifier: GPL-2.0
/* Loads that the kernel's command line, or the kernel itself, forbids. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "footprint.h"
#include "kmsg.h"
#include "modules.h"
#include "sealed.h"
#include "suites.h"
#include "tracefs.h"

#define LOCKDOWN	"/sys/kernel/security/lockdown"

static void expect_disabled(void)
{
	mseal_load_refused("", EPERM, "not loading: |mseal.disable=1");
	/* A parameter doesn't overrule who boots the machine. */
	mseal_load_refused("disable=0", EPERM, "not loading: |mseal.disable=1");
	footprint_expect_none();
}

static void disabled(int row)
{
	(void)row;
	need_boot_word("mseal.disable=1");
	expect_disabled();
}

static void disabled_bare(int row)
{
	(void)row;
	need_boot_word("mseal.disable=0");
	need_boot_word("mseal.disable");
	expect_disabled();
}

/* Who can't be understood wanted something, and that is the safe answer. */
static void disabled_unclear(int row)
{
	(void)row;
	need_boot_word("mseal.disable=0");
	need_boot_word("mseal.disable=perhaps");
	expect_disabled();
}

/* The last word counts, and others that look alike don't. */
static void enabled(int row)
{
	(void)row;
	need_boot_word("mseal.disable=1");
	need_boot_word("mseal.disable=0");
	need_boot_word("xmseal.disable=1");
	need_boot_word("mseal.disabled=1");
	mseal_load();
	seal_and_exit();
	mseal_unload();
	mseal_load_refused("disable=1", EPERM, "not loading: |disable");
}

static const char *lockdown(void)
{
	static char text[128];
	FILE *file = fopen(LOCKDOWN, "re");
	char *end;

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), file));
	fclose(file);
	ck_assert_ptr_nonnull(strchr(text, '['));
	end = strchr(text, ']');
	ck_assert_ptr_nonnull(end);
	*end = '\0';
	return strchr(text, '[') + 1;
}

/* The kernel doesn't say it every time: all that is locked down shares one limit. */
static void expect_kept_out(void)
{
	const char *words = "Lockdown: |unsigned module loading is restricted";
	int i;

	mseal_load_refused("", EPERM, NULL);
	for (i = 0; i < 5 && !kmsg_has_words(words); i++) {
		sleep(6);
		mseal_load_refused("", EPERM, NULL);
	}
	kmsg_expect_words(words);
	footprint_expect_none();
}

/* The stricter one doesn't show what is hooked; nothing of ours ran at all. */
static void locked_down(int row)
{
	bool strict = !strcmp(lockdown(), "confidentiality");
	char hooks[16];

	(void)row;
	ck_assert_str_ne(lockdown(), "none");
	ck_assert_int_eq(tracefs_read("enabled_functions", hooks, sizeof(hooks)),
			 strict ? ENOENT : 0);
	expect_kept_out();
}

/* Comes last: there is no way back. */
static void locked_down_later(int row)
{
	struct sealed process;

	(void)row;
	ck_assert_str_eq(lockdown(), "none");
	mseal_load();
	sealed_start(&process);
	ck_assert_int_eq(file_write(LOCKDOWN, "confidentiality"), 0);
	ck_assert_str_eq(lockdown(), "confidentiality");
	sealed_check(&process);
	ck_assert_int_eq(module_unload("mseal"), EWOULDBLOCK);
	sealed_end(&process);
	mseal_unload();
	expect_kept_out();
}

static void unsigned_module(int row)
{
	(void)row;
	need_boot_word("module.sig_enforce=1");
	mseal_load_refused("", EKEYREJECTED, NULL);
	kmsg_expect_words("Loading of |unsigned module| is rejected");
	footprint_expect_none();
}

static void native(int row)
{
	(void)row;
	/* Not EEXIST, which modprobe takes for "loaded already" and success. */
	mseal_load_refused("", ENODEV, "not loading: |mseal(2) of its own");
	footprint_expect_none();
}

static const struct test_case disabled_cases[] = { CASE(disabled) };
static const struct test_case disabled_bare_cases[] = { CASE(disabled_bare) };
static const struct test_case disabled_unclear_cases[] = { CASE(disabled_unclear) };
static const struct test_case enabled_cases[] = { CASE(enabled) };
static const struct test_case lockdown_cases[] = { CASE(locked_down) };
static const struct test_case lockdown_later_cases[] = { CASE(locked_down_later) };
static const struct test_case signatures_cases[] = { CASE(unsigned_module) };
static const struct test_case native_cases[] = { CASE(native) };

SUITE(disabled, disabled_cases, ENTRY_USUAL);
SUITE(disabled_bare, disabled_bare_cases, ENTRY_USUAL);
SUITE(disabled_unclear, disabled_unclear_cases, ENTRY_USUAL);
SUITE(enabled, enabled_cases, ENTRY_USUAL);
SUITE(lockdown, lockdown_cases, ENTRY_USUAL);
SUITE(lockdown_later, lockdown_later_cases, ENTRY_USUAL);
SUITE(signatures, signatures_cases, ENTRY_USUAL);
SUITE(native, native_cases, ENTRY_USUAL);
