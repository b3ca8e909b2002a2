// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "first.h"
#include "mem.h"
#include "peek.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define MARK	0x5c
/* Calls before the seal is begun, and after it. */
#define BEFORE	3
#define AFTER	3
/* Calls before the adviser leaves the memory map's lock to the sealer for once. */
#define FIERCE	16

/* Shared by the processes. */
struct tally {
	atomic_long before, met, vague, after;
};

struct process {
	const struct first *first;
	struct tally *tally;
	unsigned int number;
	atomic_int calls;
	atomic_bool sealed;
};

static void judge(struct process *p, long ret, bool sealed)
{
	const struct first *first = p->first;

	if (!sealed && !ret)
		atomic_fetch_add(&p->tally->before, 1);
	else if (!sealed && ret == -EPERM && first->discards)
		atomic_fetch_add(&p->tally->met, 1);
	else if (!sealed && ret == -ENOMEM && first->vague)
		atomic_fetch_add(&p->tally->vague, 1);
	else if (sealed && ret == (first->discards ? -EPERM : 0))
		atomic_fetch_add(&p->tally->after, 1);
	else
		ck_abort_msg("%s %s the seal: %ld (%s)", first->name,
			     sealed ? "after" : "before or during", ret,
			     strerror((int)-ret));
}

static void *adviser(void *arg)
{
	const struct timespec pause = { .tv_nsec = 1 };
	struct process *p = arg;
	int after = 0;

	while (after < AFTER) {
		bool sealed = atomic_load(&p->sealed);

		judge(p, p->first->advise(p->first, arena), sealed);
		after += sealed;
		if (atomic_fetch_add(&p->calls, 1) % FIERCE == FIERCE - 1)
			nanosleep(&pause, NULL);
	}
	return NULL;
}

static void one_process(void *arg)
{
	struct process *p = arg;
	volatile unsigned int spin;
	pthread_t thread;

	if (p->first->begin)
		p->first->begin();
	ck_assert_int_eq(pthread_create(&thread, NULL, adviser, p), 0);
	while (atomic_load(&p->calls) < BEFORE)
		sched_yield();
	srand(p->number);
	for (spin = rand() % 1000; spin; spin--)
		;
	ck_assert_int_eq(seal(arena, page), 0);
	/* Whatever discards the page from now on takes this with it. */
	ck_assert(poke(arena, MARK));
	atomic_store(&p->sealed, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(peek(arena), MARK);
}

void first_run(const struct first *first, long processes)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long i;

	ck_assert_ptr_ne(tally, MAP_FAILED);
	need_peek();
	layout_map(arena, "r");
	for (i = 0; i < processes; i++) {
		struct process p = { .first = first, .tally = tally,
				     .number = (unsigned int)i };

		in_child(one_process, &p);
	}
	note("%ld processes: done %ld times before, refused %ld times on its way (%ld with ENOMEM), %ld answers after",
	     processes, tally->before, tally->met + tally->vague, tally->vague,
	     tally->after);
	ck_assert_int_ge(tally->before, processes);
	ck_assert_int_eq(tally->after, AFTER * processes);
}
