// SPDX-License-Identifier: GPL-2.0
/* madvise() while another thread makes the first seal of the process. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cases.h"
#include "entry.h"
#include "first.h"
#include "mem.h"
#include "report.h"

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif

static long by_madvise(const struct first *first, char *at)
{
	return entry_call(CALL_MADVISE, at, page, first->advice);
}

static int myself = -1;

static void open_myself(void)
{
	myself = syscall(SYS_pidfd_open, getpid(), 0);
	ck_assert_int_ge(myself, 0);
}

static long by_process_madvise(const struct first *first, char *at)
{
	struct iovec iov = { at, page };
	long ret = syscall(SYS_process_madvise, myself, &iov, 1, first->advice, 0);

	return ret < 0 ? -errno : ret == (long)page ? 0 : -EIO;
}

static void on_signal(int signal)
{
	(void)signal;
}

/* Of which one is there, more often than not, when a call has to wait for the lock. */
static void have_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct itimerval often = { { 0, 50 }, { 0, 50 } };

	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
}

#define DISCARDS(advice) \
	{ #advice, NULL, by_madvise, advice, true, false }
#define KEEPS(advice) \
	{ #advice, NULL, by_madvise, advice, false, false }

static const struct first firsts[] = {
	DISCARDS(MADV_DONTNEED),
	DISCARDS(MADV_FREE),
	DISCARDS(MADV_DONTFORK),
	DISCARDS(MADV_WIPEONFORK),
	{ "MADV_WIPEONFORK, signals", have_signals, by_madvise, MADV_WIPEONFORK, true,
	  false },
	KEEPS(MADV_RANDOM),
	KEEPS(MADV_WILLNEED),
	KEEPS(MADV_DONTDUMP),
	KEEPS(MADV_DOFORK),
	KEEPS(MADV_COLD),
	KEEPS(MADV_POPULATE_READ),
	{ "process_madvise", open_myself, by_process_madvise, MADV_COLD, false,
	  false },
};

static const struct first int80_firsts[] = {
	DISCARDS(MADV_DONTNEED),
	DISCARDS(MADV_WIPEONFORK),
	KEEPS(MADV_COLD),
	KEEPS(MADV_DONTDUMP),
};

/* Of no bytes, since it is asked before anything is mapped. */
static bool may_advise_processes(void)
{
	struct iovec nothing = { arena, 0 };

	open_myself();
	return !syscall(SYS_process_madvise, myself, &nothing, 1, MADV_COLD, 0) ||
	       errno != EPERM || !geteuid();
}

static void advise_while_sealing(const struct first *first)
{
	if (first->advise == by_process_madvise && !may_advise_processes())
		skip("not allowed to advise processes");
	if (entry_call(CALL_MADVISE, arena, 0, first->advice))
		skip("this kernel doesn't know the advice");
	first_run(first, scaled(100));
}

static void during_the_first_seal(int row)
{
	advise_while_sealing(&firsts[row]);
}

static void during_the_first_seal_int80(int row)
{
	advise_while_sealing(&int80_firsts[row]);
}

static const struct test_case cases[] = {
	LONG_ROWS(during_the_first_seal, firsts, 300),
};

static const struct test_case int80_cases[] = {
	LONG_ROWS(during_the_first_seal_int80, int80_firsts, 300),
};

SUITE(madvise_first, cases, ENTRY_USUAL);
SUITE(madvise_first_int80, int80_cases, ENTRY_INT80);
SUITE(madvise_first_tagged, cases, ENTRY_TAGGED);
