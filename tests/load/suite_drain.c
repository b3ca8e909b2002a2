// SPDX-License-Identifier: GPL-2.0
/* The module stays while seals rely on it, and goes when none does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "device.h"
#include "footprint.h"
#include "modules.h"
#include "proc.h"
#include "sealed.h"
#include "sealer.h"
#include "suites.h"
#include "tracefs.h"

#define FTRACE_ENABLED	"/proc/sys/kernel/ftrace_enabled"
#define NEW_SEALS	"/sys/module/mseal/parameters/new_seals"

static void expect_kept(struct sealed *process)
{
	struct footprint *before = footprint_take();

	ck_assert_int_eq(module_unload("mseal"), EWOULDBLOCK);
	/* Without O_NONBLOCK it doesn't wait any longer either. */
	ck_assert_int_eq(syscall(SYS_delete_module, "mseal", 0), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	footprint_expect_same(before);
	sealed_check(process);
}

static void ftrace_stays_on(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	ck_assert_int_eq(file_write(FTRACE_ENABLED, "0"), EBUSY);
	ck_assert_int_eq(file_number(FTRACE_ENABLED), 1);
	sealed_check(&process);
	sealed_end(&process);
	/* Nor without seals: one might come at any time. */
	ck_assert_int_eq(file_write(FTRACE_ENABLED, "0"), EBUSY);
	mseal_unload();
	ck_assert_int_eq(file_write(FTRACE_ENABLED, "0"), 0);
}

static void kept_by_a_process(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	expect_kept(&process);
	sealed_end(&process);
	mseal_unload();
}

/* Whichever ends first. */
static void kept_by_the_last(int row)
{
	struct sealed first, second;

	(void)row;
	mseal_load();
	sealed_start(&first);
	sealed_start(&second);
	sealed_end(&first);
	expect_kept(&second);
	sealed_end(&second);
	mseal_unload();
}

static void wait_for_end(void *arg)
{
	gate_wait(arg);
}

static void seal_and_fork(void *gate)
{
	sealer_open();
	ck_assert_int_eq(seal((void *)((unsigned long)&gate & -4096UL), 1), 0);
	sealer_close();
	child_start(wait_for_end, gate);
}

/* Seals live in a child whose parent, who sealed, is gone. */
static void kept_by_an_heir(int row)
{
	struct gate leave;

	(void)row;
	gate_init(&leave);
	mseal_load();
	in_child(seal_and_fork, &leave);
	usleep(200000);
	ck_assert_int_eq(module_unload("mseal"), EWOULDBLOCK);
	gate_open(&leave);
	mseal_unload();
}

static void killed(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	expect_kept(&process);
	ck_assert_int_eq(kill(process.pid, SIGKILL), 0);
	ck_assert_int_eq(wait_status(process.pid), SIGKILL);
	mseal_unload();
}

static void drain(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	ck_assert_int_eq(file_write(NEW_SEALS, "0"), 0);
	sealed_cannot_seal(&process, ENOSYS);
	expect_kept(&process);
	sealed_end(&process);
	mseal_unload();
}

static void drain_called_off(int row)
{
	struct sealed process;

	(void)row;
	ck_assert_int_eq(module_load("mseal", "new_seals=0"), 0);
	ck_assert_int_eq(sealer_find(), SEALER_DEVICE);
	sealer_open();
	ck_assert_uint_eq(device_info().state, MSEAL_STATE_LIVE);
	ck_assert_int_eq(seal((void *)((unsigned long)&process & -4096UL), 1), -1);
	ck_assert_int_eq(errno, ENOSYS);
	ck_assert_int_eq(file_write(NEW_SEALS, "1"), 0);
	ck_assert_uint_eq(device_info().state,
			  MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS);
	sealer_close();
	sealed_start(&process);
	expect_kept(&process);
	sealed_end(&process);
	mseal_unload();
}

static const struct test_case cases[] = {
	CASE(ftrace_stays_on),
	CASE(kept_by_a_process),
	CASE(kept_by_the_last),
	CASE(kept_by_an_heir),
	CASE(killed),
	CASE(drain),
	CASE(drain_called_off),
};

SUITE(drain, cases, ENTRY_USUAL);
