// SPDX-License-Identifier: GPL-2.0
/* Calls that seals refuse. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "bench.h"
#include "clock.h"

static uint64_t refused_munmap(void)
{
	return clock_call(EPERM, SYS_munmap, ranges_page(), PAGE, 0L, 0L, 0L, 0L);
}

static uint64_t refused_over(void)
{
	return clock_call(EPERM, SYS_mmap, ranges_page(), PAGE, (long)PROT_READ,
			  (long)(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED), -1L, 0L);
}

static uint64_t refused_protect(void)
{
	return clock_call(EPERM, SYS_mprotect, ranges_page(), PAGE,
			  (long)(PROT_READ | PROT_WRITE), 0L, 0L, 0L);
}

static uint64_t refused_protect_key(void)
{
	return clock_call(EPERM, SYS_pkey_mprotect, ranges_page(), PAGE,
			  (long)(PROT_READ | PROT_WRITE), -1L, 0L, 0L);
}

static uint64_t refused_grow(void)
{
	return clock_call(EPERM, SYS_mremap, ranges_page(), PAGE, 2 * PAGE,
			  (long)MREMAP_MAYMOVE, 0L, 0L);
}

static uint64_t refused_move(void)
{
	return clock_call(EPERM, SYS_mremap, ranges_page(), PAGE, PAGE,
			  (long)(MREMAP_MAYMOVE | MREMAP_FIXED), SCRATCH, 0L);
}

static uint64_t refused_discard(void)
{
	return clock_call(EPERM, SYS_madvise, ranges_page(), PAGE,
			  (long)MADV_DONTNEED, 0L, 0L, 0L);
}

const struct op refused_ops[] = {
	{ "refused munmap", refused_munmap, CALLS, SEALED },
	{ "refused mmap over", refused_over, CALLS, SEALED },
	{ "refused mprotect", refused_protect, CALLS, SEALED },
	{ "refused pkey_mprotect", refused_protect_key, CALLS, SEALED },
	{ "refused mremap grow", refused_grow, CALLS, SEALED },
	{ "refused mremap move", refused_move, CALLS, SEALED },
	{ "refused madvise", refused_discard, CALLS, SEALED },
	{ 0 }
};
