// SPDX-License-Identifier: GPL-2.0
/* Who gets a seal by fork(), and who doesn't. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)

static void child_of_wWw(void *arg)
{
	struct snap *before = arg;

	layout_expect_sealed(arena, "wWw");
	snap_expect_same(before);
	expect_refused(arena + page);
	expect_free(arena);
	expect_free(arena + 2 * page);
	layout_expect(arena, ".W.");
}

static void fork_inherits(int row)
{
	struct snap *before;

	(void)row;
	layout_map(arena, "wWw");
	layout_seal(arena, "wWw");
	before = snap_take(arena, 3);
	in_child(child_of_wWw, before);
	snap_expect_same(before);
	layout_expect_sealed(arena, "wWw");
}

static void link_of_chain(void *arg)
{
	long depth = (long)arg;

	ck_assert_int_eq(seal(arena + depth * page, page), 0);
	if (depth < 7)
		in_child(link_of_chain, (void *)(depth + 1));
	layout_expect_sealed(arena, &"WWWWWWWWwwwwwwww"[7 - depth]);
}

/* Each generation adds a seal, which only its own descendants get. */
static void fork_chain(int row)
{
	(void)row;
	layout_map(arena, "wwwwwwwwwwwwwwww");
	link_of_chain(NULL);
}

static void seal_second(void *arg)
{
	(void)arg;
	ck_assert_int_eq(seal(arena + page, page), 0);
	layout_expect_sealed(arena, "WWw");
	expect_refused(arena + page);
}

static void child_seals_for_itself(int row)
{
	(void)row;
	layout_map(arena, "Www");
	layout_seal(arena, "Www");
	in_child(seal_second, NULL);
	layout_expect_sealed(arena, "Www");
	expect_free(arena + page);
	expect_refused(arena);
}

static void seal_all(void *arg)
{
	(void)arg;
	ck_assert_int_eq(seal(arena, 3 * page), 0);
	expect_refused(arena + page);
}

static void first_seal_in_child(int row)
{
	(void)row;
	layout_map(arena, "www");
	in_child(seal_all, NULL);
	layout_expect_sealed(arena, "www");
	ck_assert_int_eq(munmap(arena, 3 * page), 0);
}

struct apart {
	struct gate sealed, checked;
};

static void wait_and_check(void *arg)
{
	struct apart *apart = arg;

	gate_wait(&apart->sealed);
	layout_expect_sealed(arena, "Www");
	expect_free(arena + page);
	ck_assert_int_eq(seal(arena + 2 * page, page), 0);
	gate_open(&apart->checked);
}

static void parent_seals_for_itself(int row)
{
	struct apart apart;
	pid_t child;

	(void)row;
	gate_init(&apart.sealed);
	gate_init(&apart.checked);
	layout_map(arena, "Www");
	layout_seal(arena, "Www");
	child = child_start(wait_and_check, &apart);
	ck_assert_int_eq(seal(arena + page, page), 0);
	gate_open(&apart.sealed);
	gate_wait(&apart.checked);
	layout_expect_sealed(arena, "WWw");
	child_wait(child);
	expect_refused(arena + page);
	expect_free(arena + 2 * page);
}

static void orphan(void *arg)
{
	struct apart *apart = arg;

	gate_wait(&apart->sealed);
	layout_expect_sealed(arena, "wWw");
	expect_refused(arena + page);
	expect_free(arena);
	gate_open(&apart->checked);
}

static void parent_of_orphan(void *arg)
{
	child_start(orphan, arg);
}

static void seal_outlives_parent(int row)
{
	struct apart apart;
	int status;

	(void)row;
	gate_init(&apart.sealed);
	gate_init(&apart.checked);
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	layout_map(arena, "wWw");
	layout_seal(arena, "wWw");
	in_child(parent_of_orphan, &apart);
	gate_open(&apart.sealed);
	gate_wait(&apart.checked);
	/* It is this process's child by now. */
	ck_assert_int_gt(wait(&status), 0);
	ck_assert_int_eq(status, 0);
}

#define MANY	256

static void check_many(void *arg)
{
	long i;

	(void)arg;
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(munmap(arena + i * page, page), i % 2 ? 0 : -1);
	for (i = 0; i < MANY; i += 2)
		ck_assert(is_sealed(arena + i * page));
}

static void many_ranges(int row)
{
	long i;

	(void)row;
	ck_assert_ptr_eq(mmap(arena, MANY * page, RW, MAP_FIXED_NOREPLACE |
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), arena);
	for (i = 0; i < MANY; i += 2)
		ck_assert_int_eq(seal(arena + i * page, page), 0);
	in_child(check_many, NULL);
	check_many(NULL);
}

/* Pages marked '-' are kept from the child. */
struct dontfork_row {
	const char *name;
	const char *layout;
	const char *kept;
	const char *child;
};

static const struct dontfork_row dontfork_rows[] = {
	{ "first", "WWWW", "-WWW", ".WWW" },
	{ "middle", "WWWW", "W--W", "W..W" },
	{ "last", "WWWW", "WWW-", "WWW." },
	{ "alternate", "WWWWWW", "W-W-W-", "W.W.W." },
	{ "all", "WWWW", "----", "...." },
	{ "across two seals", "WWwWW", "W---W", "W...W" },
	{ "unsealed beside", "wWWw", "-WW-", ".WW." },
	{ "shared and files", "SSGGPP", "S-G-P-", "S.G.P." },
	{ "none", "WWWW", "WWWW", "WWWW" },
};

static void child_of_dontfork(void *arg)
{
	const char *want = arg;
	size_t i;

	layout_expect(arena, want);
	layout_expect_sealed(arena, want);
	for (i = 0; want[i]; i++) {
		if (want[i] == '.')
			expect_usable_hole(arena + i * page);
		else if (want[i] >= 'A' && want[i] <= 'Z')
			expect_refused(arena + i * page);
	}
	layout_expect(arena, want);
}

static void child_and_grandchild(void *arg)
{
	child_of_dontfork(arg);
	in_child(child_of_dontfork, arg);
}

static void dontfork(int row)
{
	const struct dontfork_row *d = &dontfork_rows[row];
	size_t i;

	layout_map(arena, d->layout);
	layout_seal(arena, d->layout);
	for (i = 0; d->kept[i]; i++)
		if (d->kept[i] == '-')
			ck_assert_int_eq(madvise(arena + i * page, page,
						 MADV_DONTFORK), 0);
	in_child(child_and_grandchild, (void *)d->child);
	layout_expect(arena, d->layout);
	layout_expect_sealed(arena, d->layout);
}

static void dofork_again(int row)
{
	(void)row;
	layout_map(arena, "WWW");
	layout_seal(arena, "WWW");
	ck_assert_int_eq(madvise(arena, 3 * page, MADV_DONTFORK), 0);
	in_child(child_of_dontfork, "...");
	ck_assert_int_eq(madvise(arena + page, page, MADV_DOFORK), 0);
	in_child(child_of_dontfork, ".W.");
	layout_expect_sealed(arena, "WWW");
}

static void child_of_wiped(void *arg)
{
	(void)arg;
	ck_assert_int_eq(arena[0], 0);
	layout_expect_sealed(arena, "W");
	expect_refused(arena);
}

static void wipeonfork(int row)
{
	(void)row;
	layout_map(arena, "W");
	layout_seal(arena, "W");
	ck_assert_int_eq(madvise(arena, page, MADV_WIPEONFORK), 0);
	in_child(child_of_wiped, NULL);
	ck_assert_int_ne(arena[0], 0);
	expect_refused(arena);
}

/* The fork must not fall into Check's own work here: its lock would stay held. */
static sem_t quiet;

static void *thread_forks(void *arg)
{
	while (sem_wait(&quiet))
		;
	in_child(child_of_wWw, arg);
	return NULL;
}

static void fork_in_thread(int row)
{
	struct snap *before;
	pthread_t thread;

	(void)row;
	layout_map(arena, "wWw");
	layout_seal(arena, "wWw");
	before = snap_take(arena, 3);
	ck_assert_int_eq(sem_init(&quiet, 0, 0), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, thread_forks, before), 0);
	sem_post(&quiet);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	layout_expect_sealed(arena, "wWw");
}

static const struct test_case cases[] = {
	CASE(fork_inherits),
	CASE(fork_chain),
	CASE(child_seals_for_itself),
	CASE(first_seal_in_child),
	CASE(parent_seals_for_itself),
	CASE(seal_outlives_parent),
	CASE(many_ranges),
	ROWS(dontfork, dontfork_rows),
	CASE(dofork_again),
	CASE(wipeonfork),
	CASE(fork_in_thread),
};

SUITE(fork, cases, ENTRY_USUAL);
