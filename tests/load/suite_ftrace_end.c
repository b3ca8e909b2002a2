// SPDX-License-Identifier: GPL-2.0
/*
 * ftrace ends for good while the module's hooks are in place: they can't be taken
 * away then, so neither may the text that they call.  One case for each boot.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "kmsg.h"
#include "mem.h"
#include "modules.h"
#include "pressure.h"
#include "proc.h"
#include "sealed.h"
#include "sealer.h"
#include "suites.h"

#define END_WORDS	"ftrace has ended|the module stays|no new seals"
#define NOTICED_SECONDS	2	/* the module looks once a second */
#define LOAD_SECONDS	3

static void end_ftrace(void)
{
	ck_assert_int_eq(module_load("mseal_ftrace_end", ""), 0);
}

/* All that is hooked goes on running, in processes of every kind. */
static void use_all_hooks(void)
{
	pressure_start();
	sleep(LOAD_SECONDS);
	pressure_check();
	pressure_stop();
}

static void expect_no_new_seals(void)
{
	sealer_open();
	ck_assert_uint_eq(device_info().state & MSEAL_STATE_LIVE, 0);
	layout_map(arena, "w");
	ck_assert_int_eq(seal(arena, page), -1);
	ck_assert_int_eq(errno, ENODEV);
	ck_assert(!is_sealed(arena));
	ck_assert_int_eq(munmap(arena, page), 0);
	sealer_close();
}

static void noticed(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	kmsg_mark();
	end_ftrace();
	sleep(NOTICED_SECONDS);
	expect_no_new_seals();
	kmsg_expect_words(END_WORDS);
	/* What is in place goes on, but nobody vouches for it. */
	sealed_check(&process);
	sealed_end(&process);
	/* For the sealed process it would be in use for a moment yet. */
	sleep(NOTICED_SECONDS);
	ck_assert_int_eq(file_number("/sys/module/mseal/refcnt"), 1);
	ck_assert_int_eq(module_unload("mseal"), EWOULDBLOCK);
	expect_no_new_seals();
	use_all_hooks();
}

static void unload(void *arg)
{
	(void)arg;
	_exit(module_unload("mseal"));
}

/* Nobody has asked the module anything since, so it is on the way out already. */
static void unnoticed(int row)
{
	pid_t pid;

	(void)row;
	mseal_load();
	seal_and_exit();
	sleep(NOTICED_SECONDS);
	kmsg_mark();
	end_ftrace();
	pid = child_start(unload, NULL);
	use_all_hooks();
	kmsg_expect_line(END_WORDS);
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert(module_loaded("mseal"));
	ck_assert_int_eq(module_unload("mseal"), EBUSY);
}

/* Nothing has been hooked, so nothing has to stay. */
static void ended_before(int row)
{
	(void)row;
	end_ftrace();
	mseal_load_refused("", ENODEV, "can't be traced (error -19), ftrace has ended");
}

static const struct test_case noticed_cases[] = { CASE(noticed) };
static const struct test_case unnoticed_cases[] = { CASE(unnoticed) };
static const struct test_case ended_before_cases[] = { CASE(ended_before) };

SUITE(ftrace_end_noticed, noticed_cases, ENTRY_USUAL);
SUITE(ftrace_end_unnoticed, unnoticed_cases, ENTRY_USUAL);
SUITE(ftrace_ended_before, ended_before_cases, ENTRY_USUAL);
