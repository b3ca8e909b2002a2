// SPDX-License-Identifier: GPL-2.0
/*
 * A discard of memory that a userfaultfd watches waits for its reader without
 * the memory map's lock, and much can happen meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "peek.h"
#include "report.h"
#include "sealer.h"
#include "uffd.h"

#define AWAY		32	/* pages, for seals that aren't concerned */
#define POLL_MS		20

static int watch_page(char *at)
{
	int fd = uffd_open(UFFD_FEATURE_EVENT_REMOVE);

	uffd_watch(fd, at, UFFDIO_REGISTER_MODE_MISSING);
	return fd;
}

/* Or a look at the emptied page would wait for the reader, too. */
static void unwatch_page(int fd, char *at)
{
	struct uffdio_range range = { (unsigned long)at, page };

	ck_assert_int_eq(ioctl(fd, UFFDIO_UNREGISTER, &range), 0);
	close(fd);
}

struct discard {
	size_t pages;
	int advice;
	long ret;
	atomic_bool done;
};

static void *run_discard(void *arg)
{
	struct discard *d = arg;

	d->ret = madvise(arena, d->pages * page, d->advice) ? -errno : 0;
	atomic_store(&d->done, true);
	return NULL;
}

/* Reads as long as the discard is under way; returns how often it was told. */
static int read_along(int fd, struct discard *d, void (*meanwhile)(void))
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	struct uffd_msg message;
	int told = 0;

	while (!atomic_load(&d->done)) {
		if (poll(&poll_fd, 1, POLL_MS) != 1)
			continue;
		if (!told++ && meanwhile)
			meanwhile();
		ck_assert_int_eq(read(fd, &message, sizeof(message)),
				 sizeof(message));
		ck_assert_int_eq(message.event, UFFD_EVENT_REMOVE);
	}
	return told;
}

/* Discards from the arena's start, whose first page is watched. */
static void discard_by(int advice, size_t pages, void (*meanwhile)(void), int want,
		       int want_told)
{
	struct discard d = { .pages = pages, .advice = advice };
	int fd = watch_page(arena), told;
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, run_discard, &d), 0);
	told = read_along(fd, &d, meanwhile);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	unwatch_page(fd, arena);
	ck_assert_msg(d.ret == -want, "want %d, got %ld (%s)", want, -d.ret,
		      strerror((int)-d.ret));
	ck_assert_int_eq(told, want_told);
}

static void discard(size_t pages, void (*meanwhile)(void), int want, int want_told)
{
	discard_by(MADV_DONTNEED, pages, meanwhile, want, want_told);
}

/* A letter for each page: 0 emptied, k kept, . hole. */
static void expect_content(const char *want)
{
	int i;

	for (i = 0; want[i]; i++) {
		int byte = peek(arena + i * page);

		ck_assert_msg(want[i] == '.' ? byte == -1 :
			      want[i] == 'k' ? byte > 0 : byte == 0,
			      "page %d: %d, wanted '%c'", i, byte, want[i]);
	}
}

static const struct whole {
	const char *name;
	const char *layout;
	int want, told;
	const char *content;
	int twin;
	const char *twin_content;
} wholes[] = {
	{ "writable", "W", 0, 1, "0", 0, "0" },
	{ "read-only", "R", EPERM, 0, "k", 0, "0" },
	{ "sealed behind", "wR", EPERM, 0, "kk", 0, "00" },
	{ "sealed behind a hole", "wf.R", EPERM, 0, "kk.k", ENOMEM, "0k.0" },
	{ "sealed but writable behind", "wrW", 0, 1, "000", 0, "000" },
};

static void run_whole(const char *layout, bool sealed, int want, int told,
		      const char *content)
{
	layout_map(arena, layout);
	if (sealed)
		layout_seal(arena, layout);
	discard(strlen(layout), NULL, want, told);
	expect_content(content);
}

static void whole(int row)
{
	const struct whole *w = &wholes[row];

	run_whole(w->layout, false, w->twin, 1, w->twin_content);
	ck_assert_int_eq(munmap(arena, strlen(w->layout) * page), 0);
	run_whole(w->layout, true, w->want, w->told, w->content);
}

/* With seals elsewhere everything is as without. */
static const struct pieces {
	const char *name;
	const char *layout;
	size_t pages;
	int want;
	const char *content;
} several[] = {
	{ "two mappings", "wr", 2, 0, "00" },
	{ "many mappings", "wrwnf", 5, 0, "0000k" },
	{ "hole between", "wr.r", 4, ENOMEM, "00.0" },
	{ "hole at the end", "wr.", 3, ENOMEM, "00." },
	{ "several holes", "w.r..n.", 7, ENOMEM, "0.0..0." },
	{ "part of the last", "wrrr", 2, 0, "00kk" },
};

static void pieces(int row)
{
	const struct pieces *p = &several[row];

	need_peek();
	layout_map(arena, p->layout);
	discard(p->pages, NULL, p->want, 1);
	expect_content(p->content);
	ck_assert_int_eq(munmap(arena, strlen(p->layout) * page), 0);

	layout_map(arena, p->layout);
	layout_map(arena + AWAY * page, "R");
	layout_seal(arena + AWAY * page, "R");
	discard(p->pages, NULL, p->want, 1);
	expect_content(p->content);
}

static void seal_second(void)
{
	ck_assert_int_eq(seal(arena + page, page), 0);
}

static void seal_first(void)
{
	ck_assert_int_eq(seal(arena, page), 0);
}

static void do_nothing(void)
{
}

static const struct wait {
	const char *name;
	bool sealed_before;
} waits[] = {
	{ "another seal", true },
	{ "the first seal", false },
};

static void begin_wait(const struct wait *w)
{
	layout_map(arena, "wr");
	layout_map(arena + AWAY * page, "R");
	if (w->sealed_before)
		layout_seal(arena + AWAY * page, "R");
}

/* What the call hasn't come to yet is safe once the seal has returned. */
static void behind_sealed_while_it_waits(int row)
{
	begin_wait(&waits[row]);
	discard(2, do_nothing, 0, 1);
	expect_content("00");
	ck_assert_int_eq(munmap(arena, 2 * page), 0);

	layout_map(arena, "wr");
	discard(2, seal_second, EPERM, 1);
	expect_content("0k");
}

static void seal_three(void)
{
	ck_assert_int_eq(seal(arena + page, 3 * page), 0);
}

/* The first refusal isn't the last look. */
static void several_sealed_while_it_waits(int row)
{
	const char *layout = "wrnr";

	need_peek();
	layout_map(arena + AWAY * page, "R");
	if (waits[row].sealed_before)
		layout_seal(arena + AWAY * page, "R");
	layout_map(arena, layout);
	discard(strlen(layout), do_nothing, 0, 1);
	expect_content("0000");
	ck_assert_int_eq(munmap(arena, strlen(layout) * page), 0);

	layout_map(arena, layout);
	discard(strlen(layout), seal_three, EPERM, 1);
	expect_content("0kkk");
}

/* What is marked free goes when memory is short, and isn't dirty any more. */
static void free_behind(void (*meanwhile)(void), int want, size_t dirty)
{
	layout_map(arena, "wr");
	ck_assert_int_eq(mapping_kb(arena + page, "Private_Dirty"), page / 1024);
	discard_by(MADV_FREE, 2, meanwhile, want, 1);
	ck_assert_int_eq(mapping_kb(arena + page, "Private_Dirty"), dirty / 1024);
}

static void marked_free_while_it_waits(int row)
{
	layout_map(arena + AWAY * page, "R");
	if (waits[row].sealed_before)
		layout_seal(arena + AWAY * page, "R");
	free_behind(do_nothing, 0, 0);
	ck_assert_int_eq(munmap(arena, 2 * page), 0);
	free_behind(seal_second, EPERM, page);
}

/* Natively the mapping whose reader it waits for isn't looked at again. */
static void sealed_itself_while_it_waits(int row)
{
	begin_wait(&waits[row]);
	ck_assert_int_eq(mprotect(arena, page, PROT_READ), 0);
	discard(1, seal_first, EPERM, 1);
	expect_content("k");
	ck_assert(is_sealed(arena));
}

static const struct test_case cases[] = {
	ROWS(whole, wholes),
	ROWS(pieces, several),
	ROWS(behind_sealed_while_it_waits, waits),
	ROWS(several_sealed_while_it_waits, waits),
	ROWS(marked_free_while_it_waits, waits),
	ROWS(sealed_itself_while_it_waits, waits),
};

SUITE(madvise_uffd, cases, ENTRY_USUAL);
