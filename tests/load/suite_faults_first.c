// SPDX-License-Identifier: GPL-2.0
/*
 * madvise() that waits for the memory map's lock while the process gets its first
 * seal.  What turns its answer into EPERM needs memory; without, the kernel's own
 * answer has to do, and nothing is discarded either way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fault.h"
#include "mem.h"
#include "modules.h"
#include "overtaken.h"
#include "report.h"
#include "sealer.h"
#include "suites.h"

#define ATTEMPTS	20
/* Of what doesn't tell whether it was overtaken. */
#define ATTEMPTS_BLIND	3

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static int by_process_madvise(int advice)
{
	struct iovec iov = { arena, page };
	int myself = syscall(SYS_pidfd_open, getpid(), 0);
	long ret = syscall(SYS_process_madvise, myself, &iov, 1, advice, 0);

	ret = ret < 0 ? -errno : ret == (long)page ? 0 : -EIO;
	close(myself);
	return ret;
}

/* It walks over the mappings as madvise() does. */
static int by_prctl(int advice)
{
	(void)advice;
	return prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, arena, page, "name") ?
	       -errno : 0;
}

static const struct first_row {
	const char *name;
	struct overtaken calls;
} rows[] = {
	{ "DONTNEED",
	  { overtaken_madvise, MADV_DONTNEED, false, -EPERM, -EPERM } },
	{ "DONTNEED, no memory",
	  { overtaken_madvise, MADV_DONTNEED, true, -ENOMEM, -EPERM } },
	{ "FREE", { overtaken_madvise, MADV_FREE, false, -EPERM, -EPERM } },
	{ "FREE, no memory",
	  { overtaken_madvise, MADV_FREE, true, -ENOMEM, -EPERM } },
	{ "COLD", { overtaken_madvise, MADV_COLD, false, 0, 0 } },
	{ "process_madvise", { by_process_madvise, MADV_COLD, false, 0, 0 } },
	{ "prctl", { by_prctl, 0, false, 0, 0 } },
};

static void overtaken(int row)
{
	const struct overtaken *calls = &rows[row].calls;
	struct overtaken_tally *tally = overtaken_tally();
	int processes;

	fault_need();
	mseal_load();
	sealer_open();
	fault_scope(FAULT_ANY);
	fault_show(true);
	processes = overtaken_run(calls, tally,
				  calls->met ? ATTEMPTS : ATTEMPTS_BLIND);
	note("%d processes: %ld calls before the seal, %ld overtaken by it",
	     processes, tally->before, tally->met);
	ck_assert_int_gt(tally->before, 0);
	if (calls->met)
		ck_assert_int_gt(tally->met, 0);
	ck_assert_int_eq(tally->after, (long)OVERTAKEN_AFTER * processes);
}

static const struct test_case cases[] = {
	LONG_ROWS(overtaken, rows, 300),
};

SUITE(faults_first, cases, ENTRY_USUAL);
