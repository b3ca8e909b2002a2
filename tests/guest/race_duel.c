// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "peek.h"
#include "proc.h"
#include "race_duel.h"
#include "report.h"
#include "sealer.h"

#define MARK		0x5c
/* Pages stay sealed until the process ends, so each does only so many rounds. */
#define ROUNDS_EACH	64
/* Pages in a round at most: handing rounds over costs more than all else. */
#define PAGES		8
/* From one page to the next, so that the seals stay separate. */
#define STRIDE		4
/*
 * Passes before the attacker leaves the lock to the sealer for once: from one
 * round to the next another number, so that the seal comes at another time.
 */
#define FIERCEST	4
#define YIELDS		100

/* Where and on how many mappings the crowd works. */
#define CROWD		(HIGH_ARENA + (1L << 33))
#define CROWD_PAGES	16

#define violation(...)	ck_abort_msg(__VA_ARGS__)

/* Shared by the processes of the batches. */
struct tally {
	atomic_long before, met, vague, after, seals;
};

enum phase { OPEN, SEALING, SEALED };

struct place {
	char *at;
	char *target;	/* the page to be sealed */
	atomic_int phase;
};

struct batch {
	const struct duel *duel;
	struct tally *tally;
	long rounds, first;
	int memory, pages;
	struct place places[ROUNDS_EACH * PAGES];
	/* Rounds begun by the sealer, succeeded in and ended by the attacker. */
	atomic_long begun, won, ended;
	atomic_bool over;
};

static const struct timespec moment = { .tv_nsec = 1 };

/* By /proc/self/mem: the page may be read-only, or gone, and is not to kill. */
static int byte_at(const struct batch *batch, const char *at)
{
	unsigned char byte;

	return pread(batch->memory, &byte, 1, (off_t)(uintptr_t)at) == 1 ? byte : -1;
}

static void put_mark(const struct batch *batch, char *at)
{
	const char byte = MARK;

	if (pwrite(batch->memory, &byte, 1, (off_t)(uintptr_t)at) != 1)
		violation("the sealed page is gone");
}

/* Yields first: that is quick, but keeps others from a processor. */
static void wait_for(atomic_long *value, long wanted)
{
	int i;

	for (i = 0; atomic_load(value) < wanted; i++)
		if (i < YIELDS)
			sched_yield();
		else
			nanosleep(&moment, NULL);
}

static struct place *place(struct batch *batch, long round, int i)
{
	return &batch->places[(round - 1) * batch->pages + i];
}

static int attack(struct batch *batch, struct place *at, bool *sealed)
{
	const struct duel *duel = batch->duel;
	int ret;

	*sealed = atomic_load(&at->phase) == SEALED;
	ret = duel->attempt(at->at);
	if (*sealed && ret != -EPERM)
		violation("%s after the seal: %d (%s)", duel->name, ret,
			  strerror(-ret));
	if (ret == -EPERM && atomic_load(&at->phase) == OPEN)
		violation("%s was refused before the seal", duel->name);
	if (ret && ret != -EPERM && !(ret == -ENOMEM && duel->vague))
		violation("%s: %d (%s)", duel->name, ret, strerror(-ret));
	return ret;
}

/* Whether all were sealed when it came to them. */
static bool attack_all(struct batch *batch, long round)
{
	struct tally *tally = batch->tally;
	int i, after = 0;

	for (i = 0; i < batch->pages; i++) {
		bool sealed;
		int ret = attack(batch, place(batch, round, i), &sealed);

		after += sealed;
		if (!ret)
			atomic_fetch_add(&tally->before, 1);
		else if (ret == -ENOMEM)
			atomic_fetch_add(&tally->vague, 1);
		else
			atomic_fetch_add(sealed ? &tally->after : &tally->met, 1);
	}
	return after == batch->pages;
}

static void attack_round(struct batch *batch, long round)
{
	int pass;

	for (pass = 1; !attack_all(batch, round); pass++) {
		atomic_store(&batch->won, round);
		if (pass % (1 + round % FIERCEST) == 0)
			nanosleep(&moment, NULL);
	}
}

static void *attacker(void *arg)
{
	struct batch *batch = arg;
	long round;

	for (round = 1; round <= batch->rounds; round++) {
		wait_for(&batch->begun, round);
		attack_round(batch, round);
		atomic_store(&batch->ended, round);
	}
	return NULL;
}

/* Holds the lock for many mappings at a time, and leaves it in between. */
static void *crowd(void *arg)
{
	struct batch *batch = arg;
	unsigned int turn;
	int i;

	for (i = 0; i < CROWD_PAGES; i++)
		ck_assert_ptr_ne(mmap(CROWD + i * page, page,
				      i % 2 ? PROT_NONE : PROT_READ, MAP_FIXED |
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
				 MAP_FAILED);
	for (turn = 0; !atomic_load(&batch->over); turn++) {
		for (i = turn % 2; i < CROWD_PAGES; i += 2)
			mprotect(CROWD + i * page, (CROWD_PAGES - i) * page,
				 turn / 2 % 2 ? PROT_READ : PROT_NONE);
		nanosleep(&moment, NULL);
	}
	return NULL;
}

static void seal_in_the_middle(struct batch *batch, struct place *at)
{
	volatile int spin;

	for (spin = rand() % 1000; spin; spin--)
		;
	atomic_store(&at->phase, SEALING);
	/* The attacker may have taken the page away for a moment. */
	while (seal(at->target, page))
		if (errno != ENOMEM)
			violation("seal: %s", strerror(errno));
	if (batch->duel->undo)
		batch->duel->undo(at->at);
	put_mark(batch, at->target);
	atomic_store(&at->phase, SEALED);
	atomic_fetch_add(&batch->tally->seals, 1);
}

static void expect_mark(const struct batch *batch, const char *target)
{
	int byte = byte_at(batch, target);

	if (byte != MARK)
		violation("%s changed the page after the seal: %d", batch->duel->name,
			  byte);
}

static void prepare(struct batch *batch, long round)
{
	int i;

	for (i = 0; i < batch->pages; i++) {
		struct place *at = place(batch, round, i);

		at->at = batch->duel->prepare(arena + STRIDE * page *
					      (round * PAGES + i));
		at->target = at->at + batch->duel->sealed_page * page;
		atomic_store(&at->phase, OPEN);
	}
}

static void run_round(struct batch *batch, long round)
{
	const struct duel *duel = batch->duel;
	int i;

	prepare(batch, round);
	atomic_store(&batch->begun, round);
	wait_for(&batch->won, round);
	for (i = 0; i < batch->pages; i++) {
		seal_in_the_middle(batch, place(batch, round, i));
		expect_mark(batch, place(batch, round, i)->target);
	}
	wait_for(&batch->ended, round);
	for (i = 0; i < batch->pages; i++)
		if (duel->tidy && !duel->tidy(place(batch, round, i)->at))
			violation("%s left something behind", duel->name);
}

static void expect_all(void *arg)
{
	struct batch *batch = arg;
	long i;

	batch->memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	for (i = 0; i < batch->rounds * batch->pages; i++)
		expect_mark(batch, batch->places[i].target);
}

static void run_batch(void *arg)
{
	struct batch *batch = arg;
	pthread_t thread, others = 0;
	long round;

	srand((unsigned int)batch->first + 1);
	batch->memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(batch->memory, 0);
	if (batch->duel->begin)
		batch->duel->begin();
	ck_assert_int_eq(pthread_create(&thread, NULL, attacker, batch), 0);
	if (batch->duel->crowded)
		ck_assert_int_eq(pthread_create(&others, NULL, crowd, batch), 0);
	for (round = 1; round <= batch->rounds; round++)
		run_round(batch, round);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	atomic_store(&batch->over, true);
	if (batch->duel->crowded)
		ck_assert_int_eq(pthread_join(others, NULL), 0);
	expect_all(batch);
	/* A child inherits every page, as it is. */
	in_child(expect_all, batch);
}

void duel_run(const struct duel *duel, long seals, long least)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int pages = duel->alone ? 1 : PAGES;
	long rounds = (seals + pages - 1) / pages, done;

	ck_assert_ptr_ne(tally, MAP_FAILED);
	need_peek();
	for (done = 0; done < rounds; done += ROUNDS_EACH) {
		long left = rounds - done;
		struct batch batch = {
			.duel = duel,
			.tally = tally,
			.first = done,
			.pages = pages,
			.rounds = left < ROUNDS_EACH ? left : ROUNDS_EACH,
		};

		in_child(run_batch, &batch);
	}
	note("%ld seals: done %ld times before, refused %ld times on its way (%ld more with ENOMEM), %ld after",
	     tally->seals, tally->before, tally->met, tally->vague, tally->after);
	ck_assert_int_eq(tally->seals, rounds * pages);
	ck_assert_int_ge(tally->before, least);
	ck_assert_int_ge(tally->after, least);
}
