// SPDX-License-Identifier: GPL-2.0
/*
 * Races that only seals of single effects have: what may be discarded or unmapped
 * while others seal, unmap, fork and ask.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "target.h"

#define PAGES	64
#define AT(i)	(arena + 2 * (i) * page)
#define MARK	0x5c

static const struct timespec moment = { .tv_nsec = 1 };
static atomic_bool over;

static struct tally {
	atomic_long before, after;
} *tally;

static void share_tally(void)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(tally, MAP_FAILED);
}

static atomic_long attempts;
static atomic_int at_page;

/* Drops the lock around the work of the file system. */
static void *remove_again_and_again(void *arg)
{
	(void)arg;
	while (!atomic_load(&over)) {
		char *at = AT(atomic_load(&at_page));
		int err = madvise(at, page, MADV_REMOVE) ? errno : 0;

		if (err && err != EPERM)
			ck_abort_msg("MADV_REMOVE: %s", strerror(err));
		atomic_fetch_add(err ? &tally->after : &tally->before, 1);
		atomic_fetch_add(&attempts, 1);
	}
	return NULL;
}

/* Those that were under way have ended then. */
static void wait_for_attempts(long count)
{
	long until = atomic_load(&attempts) + count;

	while (atomic_load(&attempts) < until)
		nanosleep(&moment, NULL);
}

/* One that began before the seal may still punch, as docs/design.md says. */
static void remove_round(void *arg)
{
	pthread_t thread;
	int i;

	(void)arg;
	for (i = 0; i < PAGES; i++)
		layout_map(AT(i), "s");
	ck_assert_int_eq(pthread_create(&thread, NULL, remove_again_and_again,
					NULL), 0);
	for (i = 0; i < PAGES; i++) {
		atomic_store(&at_page, i);
		wait_for_attempts(2);
		ck_assert_int_eq(device_seal(AT(i), page, MSEAL_T_DISCARD_ALL), 0);
		wait_for_attempts(2);
		*AT(i) = MARK;
		wait_for_attempts(2);
		ck_assert_int_eq(*(volatile char *)AT(i), MARK);
	}
	atomic_store(&over, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	for (i = 0; i < PAGES; i++)
		ck_assert_int_eq(*(volatile char *)AT(i), MARK);
}

static bool met(long rounds)
{
	return atomic_load(&tally->before) >= rounds &&
	       atomic_load(&tally->after) >= rounds;
}

static void settle_accounts(long rounds, const char *before, const char *after)
{
	note("%ld rounds, %ld %s, %ld %s", rounds, atomic_load(&tally->before),
	     before, atomic_load(&tally->after), after);
	ck_assert_int_ge(atomic_load(&tally->before), rounds);
	ck_assert_int_ge(atomic_load(&tally->after), rounds);
}

static void remove_against_seal(int row)
{
	long rounds = scaled(200), i;

	(void)row;
	share_tally();
	/* A busy machine takes more rounds until both sides have met so often. */
	for (i = 0; i < rounds || (!met(rounds) && i < 20 * rounds + 200); i++)
		in_child(remove_round, NULL);
	settle_accounts(rounds, "removed", "refused");
}

/* Pages [gone, sealed) have seals now, but for those just being changed. */
static atomic_int sealed, going, gone;

static void *seal_pages(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < PAGES; i++) {
		if (device_seal(AT(i), page, MSEAL_T_PROTECT))
			ck_abort_msg("seal: %s", strerror(errno));
		atomic_store(&sealed, i + 1);
		nanosleep(&moment, NULL);
	}
	return NULL;
}

/* Half of them, so that some always stay. */
static void *unmap_pages(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < PAGES / 2; i++) {
		while (atomic_load(&sealed) <= i)
			sched_yield();
		atomic_store(&going, i + 1);
		if (munmap(AT(i), page))
			ck_abort_msg("munmap: %s", strerror(errno));
		atomic_store(&gone, i + 1);
	}
	return NULL;
}

/* In ascending order, each a page that may be there, and all that must be. */
static void judge_answer(void)
{
	struct mseal_record records[PAGES + 1];
	int least = atomic_load(&sealed), past = atomic_load(&gone), i, next;
	long n = target_query(target_myself(), arena, records, PAGES + 1), r;
	int most = atomic_load(&sealed), leaving = atomic_load(&going);

	ck_assert_int_ge(n, 0);
	for (r = 0, next = past; r < n; r++, next = i + 1) {
		i = (int)((records[r].start - (unsigned long)arena) / page / 2);
		ck_assert_uint_eq(records[r].start, (unsigned long)AT(i));
		ck_assert_uint_eq(records[r].end - records[r].start, page);
		ck_assert_uint_eq(records[r].types, MSEAL_T_PROTECT);
		ck_assert_msg(i >= next && i <= most, "page %d of %d to %d", i, next,
			      most);
		for (; next < i; next++)
			ck_assert_msg(next < leaving || next >= least,
				      "page %d is missing", next);
	}
	for (; next < least; next++)
		ck_assert_msg(next < leaving, "page %d is missing", next);
}

static void ask_in_child(void *arg)
{
	(void)arg;
	judge_answer();
}

static void query_round(void *arg)
{
	pthread_t threads[2];
	int i;

	(void)arg;
	for (i = 0; i < PAGES; i++)
		layout_map(AT(i), "w");
	ck_assert_int_eq(pthread_create(&threads[0], NULL, seal_pages, NULL), 0);
	ck_assert_int_eq(pthread_create(&threads[1], NULL, unmap_pages, NULL), 0);
	for (i = 0; atomic_load(&gone) < PAGES / 2; i++) {
		atomic_fetch_add(i % 4 ? &tally->before : &tally->after, 1);
		if (i % 4)
			judge_answer();
		else
			in_child(ask_in_child, NULL);
	}
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	judge_answer();
}

static void query_against_all(int row)
{
	long rounds = scaled(300), i;

	(void)row;
	share_tally();
	for (i = 0; i < rounds || (!met(rounds) && i < 20 * rounds + 200); i++)
		in_child(query_round, NULL);
	settle_accounts(rounds, "answers", "answers to forked children");
}

static const struct test_case cases[] = {
	LONG_CASE(remove_against_seal, 600),
	LONG_CASE(query_against_all, 600),
};

SUITE(types_race, cases, ENTRY_USUAL);
