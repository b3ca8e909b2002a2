// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "mem.h"
#include "proc.h"
#include "race.h"
#include "report.h"
#include "sealer.h"

#define ATTACKERS	2
#define MAX_ATTACKS	16
/* Pages stay sealed until the process ends, so each does only so many. */
#define ROUNDS_EACH	500
/* Refusals to be seen after a seal before the next round. */
#define AFTER		3
/*
 * Attempts before an attacker calms down for once: whoever is to seal needs a
 * processor and the memory map's lock, and gets both only in turn.
 */
#define FIERCE		8
/* And before it sleeps in any case, as on processors that take turns it has to. */
#define FIERCEST	64
#define YIELDS		100

/* Shared by the processes of the batches. */
struct tally {
	atomic_long before[MAX_ATTACKS], after[MAX_ATTACKS], rounds[MAX_ATTACKS];
	/* Refused, though begun when the seal had not returned yet. */
	atomic_long met[MAX_ATTACKS];
	/* Those with a change under way are raced. */
	atomic_long seals, raced;
};

/* The seal's call has returned a moment before its page is marked. */
enum phase { OPEN, SEALING, RETURNED, SEALED };

struct batch {
	const struct race *race;
	struct tally *tally;
	long first, rounds;
	char *at;
	atomic_int phase;
	atomic_bool ready, raced;	/* the sealer is; the seal has met a change */
	atomic_long tries;
	/* Nobody spins: on few processors that would starve whoever has to act. */
	pthread_barrier_t edge;	/* where all meet before and after a round */
	sem_t won;		/* posted once a round by each attacker */
};

static const struct timespec moment = { .tv_nsec = 1 };

struct attacker {
	struct batch *batch;
	int number;
	pthread_t thread;
};

/* A failed attacker can't be joined any more: the process ends here and now. */
#define violation(...)	ck_abort_msg(__VA_ARGS__)

/* Returns what the attempt did, having judged it. */
static int attack(struct batch *batch, int which, unsigned int turn,
		  enum phase *began)
{
	const struct race_attack *attack = &batch->race->attacks[which];
	enum phase ended;
	int ret;

	*began = atomic_load(&batch->phase);
	ret = attack->attempt(batch->at, turn);
	ended = atomic_load(&batch->phase);
	if (!ret && *began >= RETURNED)
		violation("%s succeeded after the seal", attack->name);
	if (ret == -EPERM && ended == OPEN)
		violation("%s was refused before the seal", attack->name);
	if (ret != -EPERM && *began >= RETURNED)
		violation("%s after the seal: %s", attack->name, strerror(-ret));
	if (*began < RETURNED && ended > OPEN)
		atomic_store(&batch->raced, true);
	atomic_fetch_add(&batch->tries, 1);
	return ret;
}

/* Sleeps, unless that would be while the page is sealed. */
static void calm_down(struct batch *batch, unsigned int turn)
{
	if (turn % FIERCEST && atomic_load(&batch->ready) &&
	    !atomic_load(&batch->raced))
		sched_yield();
	else
		nanosleep(&moment, NULL);
}

static void attack_round(struct batch *batch, int which)
{
	long before = 0, met = 0, after = 0;
	unsigned int turn = 0;
	enum phase began;
	int ret;

	while (after < AFTER) {
		ret = attack(batch, which, turn++, &began);
		after += began == SEALED;
		met += ret == -EPERM && began < RETURNED;
		if (!ret && !before++)
			sem_post(&batch->won);
		if (turn % FIERCE == 0)
			calm_down(batch, turn);
	}
	atomic_fetch_add(&batch->tally->met[which], met);
	atomic_fetch_add(&batch->tally->before[which], before);
	atomic_fetch_add(&batch->tally->after[which], after);
	atomic_fetch_add(&batch->tally->rounds[which], 1);
}

static void *attacker(void *arg)
{
	struct attacker *me = arg;
	struct batch *batch = me->batch;
	long round;

	/* One of them never shares the sealer's. */
	if (!me->number)
		use_processor(1);
	for (round = 1; round <= batch->rounds; round++) {
		pthread_barrier_wait(&batch->edge);
		attack_round(batch, (int)((batch->first + round + me->number) %
					  (long)batch->race->nr_attacks));
		pthread_barrier_wait(&batch->edge);
	}
	return NULL;
}

/* Both may be asleep, or without a processor, and are not to miss the seal. */
static void wait_for_attackers(struct batch *batch)
{
	long tries = atomic_load(&batch->tries);
	int i;

	atomic_store(&batch->ready, true);
	for (i = 0; atomic_load(&batch->tries) == tries; i++)
		if (i < YIELDS)
			sched_yield();
		else
			nanosleep(&moment, NULL);
}

static void seal_in_the_middle(struct batch *batch)
{
	volatile int spin;

	for (spin = rand() % 500; spin; spin--)
		;
	atomic_store(&batch->phase, SEALING);
	/* An attacker may have taken the page away for a moment. */
	while (seal(batch->at, page))
		if (errno != ENOMEM)
			violation("seal: %s", strerror(errno));
	atomic_store(&batch->phase, RETURNED);
}

static void expect_unchanged(struct batch *batch, int mark)
{
	if (!batch->race->unchanged(batch->at, mark))
		violation("a change after the seal had returned");
}

static void run_round(struct batch *batch, long round)
{
	int mark, i;

	/* Every other page, so that the seals stay separate ranges. */
	batch->at = arena + 2 * round * page;
	batch->race->prepare(batch->at);
	atomic_store(&batch->phase, OPEN);
	atomic_store(&batch->ready, false);
	atomic_store(&batch->raced, false);
	pthread_barrier_wait(&batch->edge);
	for (i = 0; i < ATTACKERS; i++)
		while (sem_wait(&batch->won))
			;
	wait_for_attackers(batch);
	seal_in_the_middle(batch);
	mark = batch->race->mark(batch->at);
	atomic_store(&batch->phase, SEALED);
	expect_unchanged(batch, mark);
	pthread_barrier_wait(&batch->edge);
	expect_unchanged(batch, mark);
	atomic_fetch_add(&batch->tally->seals, 1);
	atomic_fetch_add(&batch->tally->raced, atomic_load(&batch->raced));
}

static void run_batch(void *arg)
{
	struct attacker attackers[ATTACKERS];
	struct batch *batch = arg;
	long round;
	int i;

	srand((unsigned int)batch->first + 1);
	ck_assert_int_eq(pthread_barrier_init(&batch->edge, NULL, ATTACKERS + 1), 0);
	ck_assert_int_eq(sem_init(&batch->won, 0, 0), 0);
	for (i = 0; i < ATTACKERS; i++) {
		attackers[i] = (struct attacker){ .batch = batch, .number = i };
		ck_assert_int_eq(pthread_create(&attackers[i].thread, NULL, attacker,
						&attackers[i]), 0);
	}
	use_processor(0);
	for (round = 1; round <= batch->rounds; round++)
		run_round(batch, round);
	for (i = 0; i < ATTACKERS; i++)
		ck_assert_int_eq(pthread_join(attackers[i].thread, NULL), 0);
}

static void settle_accounts(const struct race *race, struct tally *tally)
{
	size_t i;

	for (i = 0; i < race->nr_attacks; i++)
		note("%s: %ld rounds, done %ld times before the seal, refused %ld times on its way, %ld after",
		     race->attacks[i].name, tally->rounds[i], tally->before[i],
		     tally->met[i], tally->after[i]);
	note("%ld seals, %ld of them with a change under way", tally->seals,
	     tally->raced);
	ck_assert_int_eq(tally->seals, race->seals);
	for (i = 0; i < race->nr_attacks; i++) {
		ck_assert_int_ge(tally->rounds[i], race->least);
		ck_assert_int_ge(tally->before[i], race->least);
		ck_assert_int_ge(tally->after[i], race->least);
	}
}

void race_run(const struct race *race)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long done;

	ck_assert_ptr_ne(tally, MAP_FAILED);
	ck_assert_uint_le(race->nr_attacks, MAX_ATTACKS);
	for (done = 0; done < race->seals; done += ROUNDS_EACH) {
		long left = race->seals - done;
		struct batch batch = {
			.race = race,
			.tally = tally,
			.first = done,
			.rounds = left < ROUNDS_EACH ? left : ROUNDS_EACH,
		};

		in_child(run_batch, &batch);
	}
	settle_accounts(race, tally);
}
