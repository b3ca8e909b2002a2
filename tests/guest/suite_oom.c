// SPDX-License-Identifier: GPL-2.0
/* A sealed process that is out of memory is killed, and its memory comes back. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "cgroup.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"

#define SEALED		(8UL << 20)
#define LIMIT		(24L << 20)
#define MUCH		(256UL << 20)

static char *map_dirty(char *at, size_t size)
{
	char *got = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	if (got == MAP_FAILED)
		_exit(2);
	memset(got, 0x6f, size);
	return got;
}

static void want_too_much(void *arg)
{
	(void)arg;
	if (!cgroup_join())
		_exit(3);
	if (seal(map_dirty(arena, SEALED), SEALED))
		_exit(4);
	map_dirty(NULL, MUCH);
}

static void killed(int row)
{
	long used, killed_so_far;
	int status;

	(void)row;
	cgroup_make(LIMIT);
	status = wait_status(child_start(want_too_much, NULL));
	killed_so_far = cgroup_kills();
	used = file_number(cgroup_file("memory.current"));
	cgroup_remove();
	ck_assert_int_eq(status, SIGKILL);
	ck_assert_int_eq(killed_so_far, 1);
	ck_assert_int_lt(used, (long)SEALED);
}

static const struct test_case cases[] = {
	CASE(killed),
};

SUITE(oom, cases, ENTRY_USUAL);
