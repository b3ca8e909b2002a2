// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"
#include "fault.h"
#include "mem.h"
#include "overtaken.h"
#include "peek.h"
#include "proc.h"

#define MARK	0x5c
/* Each page a mapping: to check them all takes the sealer, and its lock, a while. */
#define PAGES	4000

struct process {
	const struct overtaken *calls;
	struct overtaken_tally *tally;
	atomic_int called;
	atomic_bool sealed;
};

struct overtaken_tally *overtaken_tally(void)
{
	struct overtaken_tally *tally = mmap(NULL, sizeof(*tally),
					     PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(tally, MAP_FAILED);
	return tally;
}

int overtaken_madvise(int advice)
{
	return madvise(arena, page, advice) ? -errno : 0;
}

/* Returns the answer, and whether the call has asked for memory in vain. */
static int advise(const struct overtaken *calls, bool *failed)
{
	int ret;

	if (calls->fails)
		fault_begin(1);
	ret = calls->call(calls->advice);
	*failed = calls->fails && !fault_end();
	return ret;
}

static void *adviser(void *arg)
{
	struct process *p = arg;
	const struct overtaken *calls = p->calls;
	int after = 0;

	while (after < OVERTAKEN_AFTER) {
		bool sealed = atomic_load(&p->sealed), failed;
		int ret = advise(calls, &failed);

		if (!sealed && !ret && !failed)
			atomic_fetch_add(&p->tally->before, 1);
		else if (!sealed && ret == calls->met && failed == calls->fails)
			atomic_fetch_add(&p->tally->met, 1);
		else if (ret != calls->after || failed)
			ck_abort_msg("%s the seal, memory %s: %s",
				     sealed ? "after" : "before", failed ?
				     "refused" : "enough", strerror(-ret));
		after += sealed;
		atomic_fetch_add(&p->called, 1);
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
	while (!atomic_load(&p->called))
		sched_yield();
	ck_assert_int_eq(device_seal(arena, PAGES * page, MSEAL_T_NATIVE), 0);
	/* Whatever discards the page from now on takes this with it. */
	ck_assert(poke(arena, MARK));
	atomic_store(&p->sealed, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(peek(arena), MARK);
}

int overtaken_run(const struct overtaken *calls, struct overtaken_tally *tally,
		  int attempts)
{
	long met = atomic_load(&tally->met);
	int i;

	for (i = 0; i < attempts && atomic_load(&tally->met) == met; i++) {
		struct process p = { .calls = calls, .tally = tally };

		in_child(one_process, &p);
	}
	return i;
}
