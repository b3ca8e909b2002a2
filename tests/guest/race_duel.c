// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
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
/* Attempts before the attacker leaves processor or lock to the sealer for once. */
#define FIERCE		8
/* And before it sleeps in any case, as on processors that take turns it has to. */
#define FIERCEST	128
#define YIELDS		100

/* Where and on how many mappings the crowd works. */
#define CROWD		(HIGH_ARENA + (1L << 33))
#define CROWD_PAGES	16

#define violation(...)	ck_abort_msg(__VA_ARGS__)

/* Shared by the processes of the batches. */
struct tally {
	atomic_long before, met, vague, after;
	/* Those with a change under way are raced. */
	atomic_long seals, raced;
};

/* The seal's call has returned a moment before its page is marked. */
enum phase { OPEN, SEALING, RETURNED, SEALED };

struct place {
	char *at;
	char *target;	/* the page to be sealed */
	atomic_int phase;
	bool raced;	/* written by the attacker */
	bool tidy;
};

struct batch {
	const struct duel *duel;
	struct tally *tally;
	long rounds, first;
	int memory, pages;
	struct place places[ROUNDS_EACH * PAGES];
	/* Rounds begun by the sealer, and ended by the attacker. */
	atomic_long begun, ended;
	/* Places that have been sealed, and attempts that were where the sealer was. */
	atomic_long done, tries;
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

static int attack(struct batch *batch, struct place *at, enum phase *began)
{
	const struct duel *duel = batch->duel;
	enum phase ended;
	int ret;

	*began = atomic_load(&at->phase);
	ret = duel->attempt(at->at);
	ended = atomic_load(&at->phase);
	if (*began >= RETURNED && ret != -EPERM)
		violation("%s after the seal: %d (%s)", duel->name, ret,
			  strerror(-ret));
	if (ret == -EPERM && ended == OPEN)
		violation("%s was refused before the seal", duel->name);
	if (ret && ret != -EPERM && !(ret == -ENOMEM && duel->vague))
		violation("%s: %d (%s)", duel->name, ret, strerror(-ret));
	if (*began < RETURNED && ended > OPEN)
		at->raced = true;
	if (!ret && ended < RETURNED && duel->restore)
		duel->restore(at->at);
	return ret;
}

static void attack_and_count(struct batch *batch, long place)
{
	struct tally *tally = batch->tally;
	enum phase began;
	int ret = attack(batch, &batch->places[place], &began);

	if (!ret)
		atomic_fetch_add(&tally->before, 1);
	else if (ret == -ENOMEM)
		atomic_fetch_add(&tally->vague, 1);
	else
		atomic_fetch_add(began >= RETURNED ? &tally->after : &tally->met, 1);
}

static void attack_all(struct batch *batch, long first, long end)
{
	for (; first < end; first++)
		attack_and_count(batch, first);
}

/* Sleeps soon only where it has been in the seal's way already. */
static void calm_down(const struct place *at, long tries)
{
	if (at->raced || tries % FIERCEST == 0)
		nanosleep(&moment, NULL);
	else
		sched_yield();
}

/* Is where the sealer is, so that hardly a seal comes without an attempt under way. */
static void follow_the_sealer(struct batch *batch, long end)
{
	long place, tries;

	while ((place = atomic_load(&batch->done)) < end) {
		attack_and_count(batch, place);
		tries = atomic_fetch_add(&batch->tries, 1) + 1;
		if (tries % FIERCE == 0)
			calm_down(&batch->places[place], tries);
	}
}

/* The attacker may be asleep, or without a processor, and is not to miss the seal. */
static void wait_for_attacker(struct batch *batch)
{
	wait_for(&batch->tries, atomic_load(&batch->tries) + 1);
}

static void *attacker(void *arg)
{
	struct batch *batch = arg;
	long round;

	/* On the sealer's it would make way for it after an attempt, not within one. */
	use_processor(1);
	for (round = 1; round <= batch->rounds; round++) {
		long end = round * batch->pages, first = end - batch->pages;

		wait_for(&batch->begun, round);
		attack_all(batch, first, end);
		follow_the_sealer(batch, end);
		attack_all(batch, first, end);
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
	atomic_store(&at->phase, RETURNED);
	at->tidy = batch->duel->tidy && batch->duel->tidy(at->at);
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

static void prepare(struct batch *batch, long first, long end)
{
	long i;

	for (i = first; i < end; i++) {
		struct place *at = &batch->places[i];

		at->at = batch->duel->prepare(arena + STRIDE * page * i);
		at->target = at->at + batch->duel->sealed_page * page;
		atomic_store(&at->phase, OPEN);
	}
}

static void settle(struct batch *batch, const struct place *at)
{
	const struct duel *duel = batch->duel;

	if (at->tidy && !duel->tidy(at->at))
		violation("%s left something behind after the seal", duel->name);
	atomic_fetch_add(&batch->tally->raced, at->raced);
}

static void run_round(struct batch *batch, long round)
{
	long end = round * batch->pages, first = end - batch->pages, i;

	prepare(batch, first, end);
	atomic_store(&batch->begun, round);
	for (i = first; i < end; i++) {
		wait_for_attacker(batch);
		seal_in_the_middle(batch, &batch->places[i]);
		expect_mark(batch, batch->places[i].target);
		atomic_store(&batch->done, i + 1);
	}
	wait_for(&batch->ended, round);
	for (i = first; i < end; i++)
		settle(batch, &batch->places[i]);
}

static void expect_all(void *arg)
{
	struct batch *batch = arg;
	long i;

	batch->memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	for (i = 0; i < batch->rounds * batch->pages; i++)
		expect_mark(batch, batch->places[i].target);
}

/* The places are where smaps has them, in ascending order. */
static void expect_dirty(const struct batch *batch)
{
	long next = 0, all = batch->rounds * batch->pages;
	FILE *smaps = fopen("/proc/self/smaps", "re");
	unsigned long start, end, dirty;
	bool here = false;
	char line[256];

	ck_assert_ptr_nonnull(smaps);
	while (next < all && fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = start == (uintptr_t)batch->places[next].target;
		if (!here || sscanf(line, "Private_Dirty: %lu", &dirty) != 1)
			continue;
		if (dirty * 1024 != page)
			violation("%s after the seal", batch->duel->name);
		next++;
		here = false;
	}
	fclose(smaps);
	ck_assert_int_eq(next, all);
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
	use_processor(0);
	for (round = 1; round <= batch->rounds; round++)
		run_round(batch, round);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	atomic_store(&batch->over, true);
	if (batch->duel->crowded)
		ck_assert_int_eq(pthread_join(others, NULL), 0);
	expect_all(batch);
	if (batch->duel->frees)
		expect_dirty(batch);
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
	note("%ld seals, %ld of them with a change under way", tally->seals,
	     tally->raced);
	note("done %ld times before, refused %ld times on its way (%ld more with ENOMEM), %ld after",
	     tally->before, tally->met, tally->vague, tally->after);
	ck_assert_int_eq(tally->seals, rounds * pages);
	ck_assert_int_ge(tally->before, least);
	ck_assert_int_ge(tally->after, least);
}
