// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "expect.h"
#include "mem.h"
#include "proc.h"
#include "sealed.h"
#include "sealer.h"

/* Or an errno, with which a further seal is to fail. */
#define REQUEST_CHECK	0
#define REQUEST_END	-1

#define FREE_PAGES	(arena + 16 * page)

static void expect_others_refused(void)
{
	ck_assert_ptr_eq(mremap(arena + page, page, 2 * page, MREMAP_MAYMOVE),
			 MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(madvise(arena, page, MADV_DONTNEED), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(madvise(arena, page, MADV_FREE), -1);
	ck_assert_int_eq(errno, EPERM);
}

static void expect_all_refused(void *arg)
{
	struct snap *before = snap_take(arena, 2);

	(void)arg;
	expect_refused(arena);
	expect_refused(arena + page);
	expect_others_refused();
	snap_expect_same(before);
	snap_free(before);
}

/* The same calls, where nothing is sealed. */
static void expect_all_free(void)
{
	char *moved;

	layout_map(FREE_PAGES, "rw");
	ck_assert_int_eq(madvise(FREE_PAGES, page, MADV_FREE), 0);
	ck_assert_int_eq(madvise(FREE_PAGES, page, MADV_DONTNEED), 0);
	ck_assert_int_eq(FREE_PAGES[0], 0);
	moved = mremap(FREE_PAGES + page, page, 2 * page, MREMAP_MAYMOVE);
	ck_assert_ptr_ne(moved, MAP_FAILED);
	ck_assert_int_eq(munmap(moved, 2 * page), 0);
	expect_free(FREE_PAGES);
}

static void check_all(void)
{
	expect_all_refused(NULL);
	in_child(expect_all_refused, NULL);
	expect_all_free();
}

static void fail_to_seal(int want)
{
	layout_map(FREE_PAGES, "w");
	ck_assert_int_eq(seal(FREE_PAGES, page), -1);
	ck_assert_int_eq(errno, want);
	expect_free(FREE_PAGES);
}

/* The descriptor is needed to seal only, and would hold the module by itself. */
static void serve(int talk)
{
	int request;

	layout_map(arena, "rw");
	sealer_open();
	layout_seal(arena, "RW");
	sealer_close();
	check_all();
	while (write(talk, "", 1) == 1 &&
	       read(talk, &request, sizeof(request)) == sizeof(request) &&
	       request != REQUEST_END) {
		if (request == REQUEST_CHECK) {
			check_all();
			continue;
		}
		sealer_open();
		fail_to_seal(request);
		sealer_close();
	}
	_exit(EXIT_SUCCESS);
}

void sealed_start(struct sealed *process)
{
	int pair[2];
	char ready;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	process->pid = fork();
	ck_assert_int_ge(process->pid, 0);
	if (!process->pid) {
		close(pair[0]);
		serve(pair[1]);
	}
	close(pair[1]);
	process->talk = pair[0];
	ck_assert_int_eq(read(process->talk, &ready, 1), 1);
}

/* A failure there ends the process, and so the answer is missing. */
static void request(struct sealed *process, int what)
{
	char answer;

	ck_assert_int_eq(write(process->talk, &what, sizeof(what)), sizeof(what));
	ck_assert_int_eq(read(process->talk, &answer, 1), 1);
}

void sealed_check(struct sealed *process)
{
	request(process, REQUEST_CHECK);
}

void sealed_cannot_seal(struct sealed *process, int want)
{
	request(process, want);
}

void sealed_end(struct sealed *process)
{
	int what = REQUEST_END;

	ck_assert_int_eq(write(process->talk, &what, sizeof(what)), sizeof(what));
	close(process->talk);
	child_wait(process->pid);
}

void seal_and_exit(void)
{
	struct sealed process;

	sealed_start(&process);
	sealed_end(&process);
}
