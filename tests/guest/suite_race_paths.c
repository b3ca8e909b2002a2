// SPDX-License-Identifier: GPL-2.0
/* No window on any path: mremap(), madvise(), brk(), shmdt() and io_uring. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "race_duel.h"
#include "report.h"
#include "uffd.h"
#include "uring.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define RW		(PROT_READ | PROT_WRITE)
#define ANON		(MAP_PRIVATE | MAP_ANONYMOUS)
#define TO		(MREMAP_MAYMOVE | MREMAP_FIXED)
#define SCRATCH		(HIGH_ARENA + (1L << 32))
/*
 * Of all but one and of that one; with those of race more than 100,000 that meet a
 * change, though on a busy machine one in seven comes to none.
 */
#define SEALS		8000
#define SEALS_ALONE	2000
#define LEAST		1000
#define RESERVE		(1 << 20)

/* Not Check's: its assertions do work of their own even when they hold. */
#define must(what)	do { if (!(what)) ck_abort_msg("failed: %s", #what); } while (0)

static char *map(char *at, size_t pages, int prot)
{
	must(mmap(at, pages * page, prot, ANON | MAP_FIXED_NOREPLACE, -1, 0) == at);
	return at;
}

static bool mapped(char *at)
{
	unsigned char in_core;

	return !mincore(at, page, &in_core);
}

static int remap(char *at, size_t old, size_t new, int flags, char *to)
{
	return mremap(at, old * page, new * page, flags, to) == MAP_FAILED ? -errno : 0;
}

static char *prepare_page(char *at)
{
	return map(at, 1, RW);
}

static char *prepare_ro(char *at)
{
	return map(at, 1, PROT_READ);
}

static char *prepare_two(char *at)
{
	return map(at, 2, RW);
}

static int attempt_shrink(char *at)
{
	int ret = remap(at, 2, 1, 0, NULL);

	if (!ret)
		map(at + page, 1, RW);
	return ret;
}

static int attempt_grow(char *at)
{
	return remap(at, 1, 2, 0, NULL);
}

static void restore_grown(char *at)
{
	must(!munmap(at + page, page));
}

/* A page that can't grow where it is. */
static char *prepare_blocked(char *at)
{
	map(at + page, 1, PROT_NONE);
	return map(at, 1, RW);
}

/* What was moved is lost, so that a move after the seal is seen. */
static int attempt_outgrow(char *at)
{
	char *to = mremap(at, page, 2 * page, MREMAP_MAYMOVE);

	if (to == MAP_FAILED)
		return -errno;
	must(!munmap(to, 2 * page));
	map(at, 1, RW);
	return 0;
}

static bool hole_behind(char *at)
{
	return !mapped(at + page);
}

static void map_scratch(void)
{
	map(SCRATCH, 1, RW);
}

/* Over another mapping, which a refused move must not have taken away. */
static int attempt_move(char *at)
{
	int ret = remap(at, 1, 1, TO, SCRATCH);

	if (!ret) {
		must(!remap(SCRATCH, 1, 1, TO, at));
		map_scratch();
	}
	must(mapped(SCRATCH));
	return ret;
}

static int attempt_move_onto(char *at)
{
	int ret = remap(SCRATCH, 1, 1, TO, at);

	if (!ret)
		map_scratch();
	must(mapped(SCRATCH));
	return ret;
}

static int attempt_dontunmap(char *at)
{
	return remap(at, 1, 1, TO | MREMAP_DONTUNMAP, SCRATCH);
}

static int advise(char *at, int advice)
{
	return madvise(at, page, advice) ? -errno : 0;
}

static int attempt_dontneed(char *at)
{
	return advise(at, MADV_DONTNEED);
}

static int attempt_free(char *at)
{
	return advise(at, MADV_FREE);
}

static int attempt_dontfork(char *at)
{
	return advise(at, MADV_DONTFORK);
}

static void undo_dontfork(char *at)
{
	must(!advise(at, MADV_DOFORK));
}

static int attempt_wipeonfork(char *at)
{
	return advise(at, MADV_WIPEONFORK);
}

static void undo_wipeonfork(char *at)
{
	must(!advise(at, MADV_KEEPONFORK));
}

static char *set_break(char *to)
{
	return (char *)syscall(SYS_brk, to);
}

/* malloc() has a reserve then, and leaves the break alone. */
static void begin_brk(void)
{
	char *now;

	must(mallopt(M_TRIM_THRESHOLD, INT_MAX));
	must(mallopt(M_MMAP_THRESHOLD, 2 * RESERVE));
	free(malloc(RESERVE));
	now = set_break(NULL);
	now = (char *)(((unsigned long)now + page - 1) & -page);
	must(set_break(now) == now);
}

static char *prepare_brk(char *at)
{
	(void)at;
	at = set_break(NULL) + page;
	must(set_break(at + page) == at + page);
	return at;
}

static int attempt_brk(char *at)
{
	if (set_break(at) != at)
		return -EPERM;
	must(set_break(at + page) == at + page);
	return 0;
}

static int segment;

/* Attached somewhere, it lives on and can be attached again. */
static void begin_shm(void)
{
	segment = shmget(IPC_PRIVATE, page, IPC_CREAT | 0600);
	if (segment < 0)
		skip("no System V shared memory");
	must(shmat(segment, SCRATCH, 0) == SCRATCH);
	must(!shmctl(segment, IPC_RMID, NULL));
}

static char *prepare_shm(char *at)
{
	must(shmat(segment, at, 0) == at);
	return at;
}

/* It answers 0 in any case. */
static int attempt_shmdt(char *at)
{
	must(!shmdt(at));
	if (mapped(at))
		return -EPERM;
	prepare_shm(at);
	return 0;
}

static struct uring ring;

static void begin_uring(void)
{
	uring_open(&ring, 0);
}

static int attempt_uring(char *at)
{
	return uring_madvise(&ring, at, page, MADV_DONTNEED, 0);
}

static int attempt_worker(char *at)
{
	return uring_madvise(&ring, at, page, MADV_DONTNEED, IOSQE_ASYNC);
}

static int watcher;

static void *read_along(void *arg)
{
	struct pollfd poll_fd = { .fd = watcher, .events = POLLIN };
	struct uffd_msg message;

	for (;;)
		if (poll(&poll_fd, 1, -1) == 1)
			must(read(watcher, &message, sizeof(message)) ==
			     sizeof(message));
	return arg;
}

static void begin_watch(void)
{
	pthread_t thread;

	watcher = uffd_open(UFFD_FEATURE_EVENT_REMOVE);
	must(!pthread_create(&thread, NULL, read_along, NULL));
}

static char *prepare_watched(char *at)
{
	map(at, 1, RW);
	map(at + page, 1, PROT_READ);
	uffd_watch(watcher, at, UFFDIO_REGISTER_MODE_MISSING);
	return at;
}

/* The lock is dropped between the first page and the second. */
static int attempt_behind(char *at)
{
	return madvise(at, 2 * page, MADV_DONTNEED) ? -errno : 0;
}

static const struct duel duels[] = {
	{ "mremap, shrink", NULL, prepare_two, attempt_shrink, .sealed_page = 1 },
	{ "mremap, grow in place", NULL, prepare_page, attempt_grow,
	  .restore = restore_grown, .tidy = hole_behind },
	{ "mremap, outgrow", NULL, prepare_blocked, attempt_outgrow,
	  .crowded = true },
	{ "mremap, move away", map_scratch, prepare_page, attempt_move,
	  .sealed_page = 0 },
	{ "mremap, move onto", map_scratch, prepare_page, attempt_move_onto,
	  .sealed_page = 0 },
	{ "mremap, move only the pages", NULL, prepare_page, attempt_dontunmap,
	  .sealed_page = 0 },
	{ "madvise, DONTNEED", NULL, prepare_ro, attempt_dontneed, .sealed_page = 0 },
	{ "madvise, FREE", NULL, prepare_ro, attempt_free, .frees = true },
	{ "madvise, DONTFORK", NULL, prepare_ro, attempt_dontfork,
	  .undo = undo_dontfork },
	{ "madvise, WIPEONFORK", NULL, prepare_ro, attempt_wipeonfork,
	  .undo = undo_wipeonfork },
	{ "madvise, behind a watched page", begin_watch, prepare_watched,
	  attempt_behind, .sealed_page = 1 },
	{ "brk", begin_brk, prepare_brk, attempt_brk, .alone = true },
	{ "shmdt", begin_shm, prepare_shm, attempt_shmdt, .sealed_page = 0 },
	{ "io_uring, inline", begin_uring, prepare_ro, attempt_uring, .vague = true },
	{ "io_uring, worker", begin_uring, prepare_ro, attempt_worker,
	  .vague = true },
};

static void race_with_the_seal(int row)
{
	const struct duel *duel = &duels[row];

	duel_run(duel, scaled(duel->alone ? SEALS_ALONE : SEALS), scaled(LEAST));
}

static const struct test_case cases[] = {
	LONG_ROWS(race_with_the_seal, duels, 600),
};

SUITE(race_paths, cases, ENTRY_USUAL);
