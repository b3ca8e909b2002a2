// SPDX-License-Identifier: GPL-2.0
/* shmdt(): answers 0 over a seal too, and detaches nothing. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"

#define PAGES	4

static int attach(void)
{
	int id = shmget(IPC_PRIVATE, PAGES * page, IPC_CREAT | 0600);
	char *at;

	if (id < 0)
		skip("no System V shared memory (%s)", strerror(errno));
	at = shmat(id, arena, 0);
	shmctl(id, IPC_RMID, NULL);
	ck_assert_ptr_eq(at, arena);
	memset(at, 0x66, PAGES * page);
	return id;
}

static long attached(int id)
{
	struct shmid_ds segment;

	return shmctl(id, IPC_STAT, &segment) ? -1 : (long)segment.shm_nattch;
}

static void unsealed(void)
{
	int id = attach();

	ck_assert_int_eq(entry_call(CALL_SHMDT, arena, 0, 0), 0);
	ck_assert(!is_mapped(arena) && !is_mapped(arena + (PAGES - 1) * page));
	ck_assert_int_eq(attached(id), -1);
}

static const struct row {
	const char *name;
	int from, pages;
} rows[] = {
	{ "whole", 0, PAGES },
	{ "part: first page", 0, 1 },
	{ "part: middle", 1, 2 },
	{ "part: last page", 3, 1 },
};

static void detach(int number)
{
	const struct row *row = &rows[number];
	struct snap *before;
	int id;

	unsealed();
	id = attach();
	ck_assert_int_eq(seal(arena + row->from * page, row->pages * page), 0);
	before = snap_take(arena, PAGES);
	ck_assert_int_eq(entry_call(CALL_SHMDT, arena, 0, 0), 0);
	snap_expect_same(before);
	ck_assert_int_eq(attached(id), 1);
	arena[0] = 0x44;
	ck_assert_int_eq(arena[0], 0x44);
}

static void not_attached(int row)
{
	(void)row;
	layout_map(arena, "S");
	layout_seal(arena, "S");
	ck_assert_int_eq(entry_call(CALL_SHMDT, arena, 0, 0), -EINVAL);
	ck_assert_int_eq(entry_call(CALL_SHMDT, arena + 1, 0, 0), -EINVAL);
}

static const struct test_case cases[] = {
	ROWS(detach, rows),
	CASE(not_attached),
};

SUITE(shm, cases, ENTRY_USUAL);
SUITE(shm_int80, cases, ENTRY_INT80);
