// SPDX-License-Identifier: GPL-2.0
/*
 * madvise() that waits for the memory map's lock while the process gets its first
 * seal.  What turns its answer into EPERM needs memory; without, the kernel's own
 * answer has to do, and nothing is discarded either way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "mem.h"
#include "modules.h"
#include "peek.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "suites.h"

#define MARK		0x5c
#define ATTEMPTS	20
/* Of what doesn't tell whether it was overtaken. */
#define ATTEMPTS_BLIND	3
#define AFTER		3
/* Each page a mapping: to check them all takes the sealer, and its lock, a while. */
#define PAGES		4000

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static int by_madvise(int advice)
{
	return madvise(arena, page, advice) ? -errno : 0;
}

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
	int (*call)(int advice);
	int advice;
	bool fails;		/* there is no memory for any of the calls */
	int met;		/* the answer of a call that the seal overtook */
	int after;		/* and of those that come later */
} rows[] = {
	{ "DONTNEED", by_madvise, MADV_DONTNEED, false, -EPERM, -EPERM },
	{ "DONTNEED, no memory", by_madvise, MADV_DONTNEED, true, -ENOMEM, -EPERM },
	{ "FREE", by_madvise, MADV_FREE, false, -EPERM, -EPERM },
	{ "FREE, no memory", by_madvise, MADV_FREE, true, -ENOMEM, -EPERM },
	{ "COLD", by_madvise, MADV_COLD, false, 0, 0 },
	{ "process_madvise", by_process_madvise, MADV_COLD, false, 0, 0 },
	{ "prctl", by_prctl, 0, false, 0, 0 },
};

/* Shared by the processes. */
struct tally {
	atomic_long before, met, after;
};

struct process {
	const struct first_row *row;
	struct tally *tally;
	atomic_int calls;
	atomic_bool sealed;
};

/* Returns the answer, and whether the call has asked for memory in vain. */
static int advise(const struct first_row *row, bool *failed)
{
	int ret;

	if (row->fails)
		fault_begin(1);
	ret = row->call(row->advice);
	*failed = row->fails && !fault_end();
	return ret;
}

static void *adviser(void *arg)
{
	struct process *p = arg;
	int after = 0;

	while (after < AFTER) {
		bool sealed = atomic_load(&p->sealed), failed;
		int ret = advise(p->row, &failed);

		if (!sealed && !ret && !failed)
			atomic_fetch_add(&p->tally->before, 1);
		else if (!sealed && ret == p->row->met && failed == p->row->fails)
			atomic_fetch_add(&p->tally->met, 1);
		else if (ret != p->row->after || failed)
			ck_abort_msg("%s the seal, memory %s: %s",
				     sealed ? "after" : "before", failed ?
				     "refused" : "enough", strerror(-ret));
		after += sealed;
		atomic_fetch_add(&p->calls, 1);
	}
	atomic_fetch_add(&p->tally->after, after);
	return NULL;
}

/* The first page can be read only, so that to discard it is refused. */
static void map_pages(void)
{
	size_t i;

	ck_assert_ptr_eq(mmap(arena, PAGES * page, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), arena);
	for (i = 0; i < PAGES; i += 2)
		if (mprotect(arena + i * page, page, PROT_READ))
			ck_abort_msg("mprotect: %s", strerror(errno));
}

static void one_process(void *arg)
{
	struct process *p = arg;
	pthread_t thread;

	map_pages();
	ck_assert_int_eq(pthread_create(&thread, NULL, adviser, p), 0);
	while (!atomic_load(&p->calls))
		sched_yield();
	ck_assert_int_eq(device_seal(arena, PAGES * page, MSEAL_T_NATIVE), 0);
	/* Whatever discards the page from now on takes this with it. */
	ck_assert(poke(arena, MARK));
	atomic_store(&p->sealed, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(peek(arena), MARK);
}

static void overtaken(int row)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int attempts = rows[row].met ? ATTEMPTS : ATTEMPTS_BLIND, i;

	ck_assert_ptr_ne(tally, MAP_FAILED);
	fault_need();
	mseal_load();
	sealer_open();
	fault_scope(FAULT_ANY);
	fault_show(true);
	for (i = 0; i < attempts && !atomic_load(&tally->met); i++) {
		struct process p = { .row = &rows[row], .tally = tally };

		in_child(one_process, &p);
	}
	note("%d processes: %ld calls before the seal, %ld overtaken by it", i,
	     tally->before, tally->met);
	ck_assert_int_gt(tally->before, 0);
	if (rows[row].met)
		ck_assert_int_gt(tally->met, 0);
	ck_assert_int_eq(tally->after, (long)AFTER * i);
}

static const struct test_case cases[] = {
	LONG_ROWS(overtaken, rows, 300),
};

SUITE(faults_first, cases, ENTRY_USUAL);
