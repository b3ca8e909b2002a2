// SPDX-License-Identifier: GPL-2.0
/* Calls that no seal refuses. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

#define ANON	(long)(MAP_PRIVATE | MAP_ANONYMOUS)

static char *const here = SCRATCH + (256UL << 20);
static char *const there = SCRATCH + (512UL << 20);

static uint64_t nothing(void)
{
	return clock_call(0, SYS_getuid, 0L, 0L, 0L, 0L, 0L, 0L);
}

static uint64_t map_page(void)
{
	uint64_t cost = clock_call(0, SYS_mmap, here, PAGE, (long)PROT_READ,
				   ANON | MAP_FIXED_NOREPLACE, -1L, 0L);

	unmap(here, PAGE);
	return cost;
}

static uint64_t unmap_page(void)
{
	map(here, PAGE);
	return clock_call(0, SYS_munmap, here, PAGE, 0L, 0L, 0L, 0L);
}

static uint64_t map_over(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_mmap, here, PAGE, (long)PROT_READ,
			  ANON | MAP_FIXED, -1L, 0L);
	unmap(here, PAGE);
	return cost;
}

static uint64_t protect(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_mprotect, here, PAGE, (long)PROT_READ, 0L, 0L, 0L);
	unmap(here, PAGE);
	return cost;
}

static uint64_t protect_key(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_pkey_mprotect, here, PAGE, (long)PROT_READ, -1L,
			  0L, 0L);
	unmap(here, PAGE);
	return cost;
}

static uint64_t grow(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_mremap, here, PAGE, 2 * PAGE, 0L, 0L, 0L);
	unmap(here, 2 * PAGE);
	return cost;
}

static uint64_t move(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_mremap, here, PAGE, PAGE,
			  (long)(MREMAP_MAYMOVE | MREMAP_FIXED), there, 0L);
	unmap(there, PAGE);
	return cost;
}

static uint64_t discard(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_call(0, SYS_madvise, here, PAGE, (long)MADV_DONTNEED, 0L, 0L, 0L);
	unmap(here, PAGE);
	return cost;
}

static long break_now(void)
{
	return syscall(SYS_brk, 0);
}

static uint64_t break_up(void)
{
	long was = break_now();
	uint64_t cost = clock_call(0, SYS_brk, was + PAGE, 0L, 0L, 0L, 0L, 0L);

	if (clock_result() != (long)(was + PAGE) || syscall(SYS_brk, was) != was)
		give_up("brk");
	return cost;
}

static uint64_t break_down(void)
{
	long was = break_now();
	uint64_t cost;

	if (syscall(SYS_brk, was + PAGE) != (long)(was + PAGE))
		give_up("brk");
	cost = clock_call(0, SYS_brk, was, 0L, 0L, 0L, 0L, 0L);
	if (clock_result() != was)
		give_up("brk");
	return cost;
}

static uint64_t fault(void)
{
	uint64_t cost;

	map(here, PAGE);
	cost = clock_begin();
	*(volatile char *)here = 1;
	cost = clock_end(cost);
	unmap(here, PAGE);
	return cost;
}

const struct op passing_ops[] = {
	{ "empty", nothing, CALLS, ALWAYS },
	{ "mmap", map_page, CALLS, ALWAYS },
	{ "munmap", unmap_page, CALLS, ALWAYS },
	{ "mmap over", map_over, CALLS, ALWAYS },
	{ "mprotect", protect, CALLS, ALWAYS },
	{ "pkey_mprotect", protect_key, CALLS, ALWAYS },
	{ "mremap grow", grow, CALLS, ALWAYS },
	{ "mremap move", move, CALLS, ALWAYS },
	{ "madvise discard", discard, CALLS, ALWAYS },
	{ "brk up", break_up, CALLS, ALWAYS },
	{ "brk down", break_down, CALLS, ALWAYS },
	{ "page fault", fault, CALLS, ALWAYS },
	{ 0 }
};
