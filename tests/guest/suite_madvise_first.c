// SPDX-License-Identifier: GPL-2.0
/* madvise() while another thread makes the first seal of the process. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
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

#define DISCARDS(advice) \
	{ #advice, NULL, by_madvise, advice, true, false }
#define KEEPS(advice) \
	{ #advice, NULL, by_madvise, advice, false, false }

static const struct first firsts[] = {
	DISCARDS(MADV_DONTNEED),
	DISCARDS(MADV_FREE),
	DISCARDS(MADV_DONTFORK),
	DISCARDS(MADV_WIPEONFORK),
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
