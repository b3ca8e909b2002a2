// SPDX-License-Identifier: GPL-2.0
/*
 * Root forces the module out of the kernel while something is sealed: the seals
 * hold, and whoever forces waits for ever.  A boot of its own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules.h"
#include "pressure.h"
#include "proc.h"
#include "sealed.h"
#include "suites.h"

#define SECONDS	2

static void force(void *arg)
{
	(void)arg;
	syscall(SYS_delete_module, "mseal", O_NONBLOCK | O_TRUNC);
}

static void seals_hold(int row)
{
	struct sealed process;
	pid_t pid;

	(void)row;
	mseal_load();
	sealed_start(&process);
	pid = child_start(force, NULL);
	sleep(SECONDS);
	ck_assert_int_eq(kill(pid, 0), 0);
	ck_assert(module_loaded("mseal"));
	sealed_check(&process);
	sealed_end(&process);
	pressure_start();
	sleep(SECONDS);
	pressure_check();
	pressure_stop();
	ck_assert(module_loaded("mseal"));
	ck_assert_int_eq(module_unload("mseal"), EBUSY);
}

static const struct test_case cases[] = { CASE(seals_hold) };

SUITE(forced, cases, ENTRY_USUAL);
