// SPDX-License-Identifier: GPL-2.0
/* Every allocation of every call fails once: the call says so, and nothing has changed. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "fault_sweep.h"
#include "mem.h"
#include "suites.h"

#define R	PROT_READ

static long seal_first(char *at)
{
	return fault_seal_page(at, 0, MSEAL_T_NATIVE);
}

static long seal_second(char *at)
{
	return fault_seal_page(at, 1, MSEAL_T_NATIVE);
}

static long seal_third(char *at)
{
	return fault_seal_page(at, 2, MSEAL_T_NATIVE);
}

static long seal_all(char *at)
{
	return device_seal(at, 3 * page, MSEAL_T_NATIVE);
}

static long unmap_middle(char *at)
{
	return munmap(at + page, page) ? -errno : 0;
}

static long map_over_middle(char *at)
{
	return mmap(at + page, page, R, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED ? -errno : 0;
}

static long shrink(char *at)
{
	return mremap(at, 3 * page, page, 0) == MAP_FAILED ? -errno : 0;
}

/* What is on its way to the middle. */
#define MOVED	5

static long move_onto_middle(char *at)
{
	return mremap(at + MOVED * page, page, page, MREMAP_MAYMOVE | MREMAP_FIXED,
		      at + page) == MAP_FAILED ? -errno : 0;
}

/* It tells the break, the old one if that stays. */
static long lower_break(char *at)
{
	char *now = (char *)syscall(SYS_brk, at + page);

	if (now != (char *)syscall(SYS_brk, NULL))
		return -EIO;
	return now == at + page ? 0 : now == at + 3 * page ? -ENOMEM : -EINVAL;
}

/* It tells nothing, and to look takes no memory. */
static long detach(char *at)
{
	unsigned char resident;

	if (shmdt(at))
		return -errno;
	return mincore(at, page, &resident) ? 0 : -ENOMEM;
}

static long query(char *at)
{
	struct mseal_record record;

	return device_query(at, &record, 1) == 1 ? 0 : -ENOENT;
}

static void keep_first(char *at)
{
	ck_assert_int_eq(madvise(at, page, MADV_DONTFORK), 0);
}

static void keep_second(char *at)
{
	ck_assert_int_eq(madvise(at + page, page, MADV_DONTFORK), 0);
}

/* malloc() must not notice. */
static char *below_break(const char *layout)
{
	char *at;

	ck_assert_int_eq(mallopt(M_TRIM_THRESHOLD, INT_MAX), 1);
	ck_assert_int_eq(mallopt(M_MMAP_THRESHOLD, 0), 1);
	at = (char *)syscall(SYS_brk, NULL);
	at += -(unsigned long)at & (page - 1);
	ck_assert_ptr_eq((char *)syscall(SYS_brk, at + strlen(layout) * page),
			 at + strlen(layout) * page);
	return at;
}

static char *in_segment(const char *layout)
{
	int id = shmget(IPC_PRIVATE, strlen(layout) * page, IPC_CREAT | 0600);

	ck_assert_int_ge(id, 0);
	ck_assert_ptr_eq(shmat(id, arena, 0), arena);
	ck_assert_int_eq(shmctl(id, IPC_RMID, NULL), 0);
	return arena;
}

/* Whether the child has got what it should tells its exit status. */
static long fork_and_look(const char *want)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(!fault_looks(arena, want));
	while (waitpid(pid, &status, 0) != pid)
		;
	return status ? -EDOM : 0;
}

static long fork_all(char *at)
{
	(void)at;
	return fork_and_look("WwW");
}

static long fork_without_first(char *at)
{
	(void)at;
	return fork_and_look(".wW");
}

static long fork_without_second(char *at)
{
	(void)at;
	return fork_and_look("W.W");
}

#define NATIVE	MSEAL_T_NATIVE
#define PROTECT	MSEAL_T_PROTECT

static const struct fault_row rows[] = {
	{ "first seal", "ww", 0, seal_first, .sites = 3, .after = "Ww" },
	{ "one more", "Wwww", NATIVE, seal_third, .sites = 1, .after = "WwWw" },
	{ "joined", "WwW", NATIVE, seal_second, .sites = 1, .after = "WWW" },
	{ "more types", "WWW", PROTECT, seal_second, .sites = 3, .after = "WWW" },
	{ "across gaps", "wWw", PROTECT, seal_all, .sites = 1, .after = "WWW" },
	{ "inherited", "WwWw", NATIVE, seal_second, .sites = 4, .after = "WWWw",
	  .inherited = true },
	{ "trim", "WWW", PROTECT, unmap_middle, .sites = 2, .after = "W.W" },
	{ "trim inherited", "WWW", PROTECT, unmap_middle, .sites = 4, .after = "W.W",
	  .inherited = true },
	{ "trim all", "wWw", PROTECT, unmap_middle, .sites = 0, .after = "w.w" },
	{ "map over", "WWW", PROTECT, map_over_middle, .sites = 2, .after = "WwW",
	  .torn = "W.W" },
	{ "shrink", "WWW", PROTECT, shrink, .sites = 1, .after = "W.." },
	{ "move onto", "WWW..w", PROTECT, move_onto_middle, .sites = 2,
	  .after = "WwW", .torn = "W.W..w", .spared = "WwW..w" },
	{ "move onto inherited", "WWW..w", PROTECT, move_onto_middle, .sites = 4,
	  .after = "WwW", .torn = "W.W..w", .spared = "WwW..w", .inherited = true },
	{ "brk", "WWW", PROTECT, lower_break, .sites = 1, .after = "W..",
	  .place = below_break },
	{ "brk inherited", "WWW", PROTECT, lower_break, .sites = 3, .after = "W..",
	  .place = below_break, .inherited = true },
	{ "shmdt", "WWW", PROTECT, detach, .sites = 0, .after = "...",
	  .place = in_segment },
	{ "shmdt inherited", "WWW", PROTECT, detach, .sites = 2, .after = "...",
	  .place = in_segment, .inherited = true },
	{ "query", "W", NATIVE, query, .sites = 0, .after = "W" },
	{ "fork", "WwW", NATIVE, fork_all, .sites = 0, .after = "WwW" },
	{ "fork of inherited", "WwW", NATIVE, fork_all, .sites = 0, .after = "WwW",
	  .inherited = true },
	{ "fork without first", "WwW", NATIVE, fork_without_first, .sites = 3,
	  .after = "WwW", .prepare = keep_first, .copes = true },
	{ "fork without middle", "WWW", NATIVE, fork_without_second, .sites = 2,
	  .after = "WWW", .prepare = keep_second, .copes = true },
};

static void each_allocation(int row)
{
	fault_sweep(&rows[row]);
}

static const struct test_case cases[] = {
	LONG_ROWS(each_allocation, rows, 300),
};

SUITE(faults, cases, ENTRY_USUAL);
