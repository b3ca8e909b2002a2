// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "entry.h"
#include "mem.h"
#include "sealer.h"

#define PAGE_SHIFT_OF_MMAP2	12
#define ARGUMENT_GAP		0x100000
/* Bit 55, which says whose half of the address space it is, stays 0. */
#define TAG			(0xa5UL << 56)

static enum entry used;

static const int usual[NR_CALLS] = {
	[CALL_MMAP] = SYS_mmap,
	[CALL_MUNMAP] = SYS_munmap,
	[CALL_MPROTECT] = SYS_mprotect,
	[CALL_PKEY_MPROTECT] = SYS_pkey_mprotect,
	[CALL_SHMAT] = SYS_shmat,
	[CALL_REMAP_FILE_PAGES] = SYS_remap_file_pages,
	[CALL_MREMAP] = SYS_mremap,
	[CALL_MADVISE] = SYS_madvise,
	[CALL_BRK] = SYS_brk,
	[CALL_SHMDT] = SYS_shmdt,
	[CALL_MSEAL] = NR_MSEAL,
	[CALL_IOCTL] = SYS_ioctl,
};

#ifdef __x86_64__
static const int i386[NR_CALLS] = {
	[CALL_MMAP] = 192,
	[CALL_MUNMAP] = 91,
	[CALL_MPROTECT] = 125,
	[CALL_PKEY_MPROTECT] = 380,
	[CALL_SHMAT] = 397,
	[CALL_REMAP_FILE_PAGES] = 257,
	[CALL_MREMAP] = 163,
	[CALL_MADVISE] = 219,
	[CALL_BRK] = 45,
	[CALL_SHMDT] = 398,
	[CALL_MSEAL] = NR_MSEAL,
	[CALL_IOCTL] = 54,
};

static long int80(int nr, long a, long b, long c, long d, long e, long f)
{
	long ret;

	/* The sixth argument goes in ebp, which the compiler may not spare. */
	__asm__ volatile("xchg %[f], %%rbp\n\t"
			 "int $0x80\n\t"
			 "xchg %[f], %%rbp"
			 : "=a"(ret), [f] "+r"(f)
			 : "0"((long)nr), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	ret = (int)ret;
	return ret < 0 && ret >= -4095 ? ret : (long)(unsigned int)ret;
}

static long call_i386(enum call call, long a, long b, long c, long d, long e, long f)
{
	if (call == CALL_MMAP && (f & ((1 << PAGE_SHIFT_OF_MMAP2) - 1)))
		return -EINVAL;
	if (call == CALL_MMAP)
		f >>= PAGE_SHIFT_OF_MMAP2;
	return int80(i386[call], a, b, c, d, e, f);
}
#else
static long call_i386(enum call call, long a, long b, long c, long d, long e, long f)
{
	(void)call, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
	return -ENOSYS;
}
#endif

/* Where there is no such entry the instruction kills. */
static bool int80_works(void)
{
	int status = -1;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(call_i386(CALL_MUNMAP, 0, 0, 0, 0, 0, 0) != -EINVAL);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

/* Nothing is mapped at 0, so there it is a question of the address alone. */
static bool tags_are_ignored(void)
{
	return !syscall(SYS_munmap, TAG, page);
}

const char *entry_obstacle(void)
{
	if (used == ENTRY_INT80 && !int80_works())
		return "this kernel has no int $0x80";
	if (used == ENTRY_TAGGED && !tags_are_ignored())
		return "this kernel ignores no part of an address";
	return NULL;
}

/* The others take a tag for a part of the address. */
static bool ignores_tag(enum call call)
{
	return call == CALL_MUNMAP || call == CALL_MPROTECT ||
	       call == CALL_PKEY_MPROTECT || call == CALL_MREMAP ||
	       call == CALL_MADVISE || call == CALL_MSEAL;
}

unsigned long entry_address(unsigned long addr)
{
	return used == ENTRY_TAGGED ? addr | TAG : addr;
}

const void *entry_argument(const void *from, unsigned long size)
{
	static char *low;

	if (used != ENTRY_INT80)
		return from;
	if (!low)
		low = mmap(LOW_ARENA - ARGUMENT_GAP, page, PROT_READ | PROT_WRITE,
			   MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return low == MAP_FAILED ? NULL : memcpy(low, from, size);
}

void entry_use(enum entry entry)
{
	used = entry;
	arena = entry == ENTRY_INT80 ? LOW_ARENA : HIGH_ARENA;
}

enum entry entry_used(void)
{
	return used;
}

long entry_call6(enum call call, long a, long b, long c, long d, long e, long f)
{
	long ret;

	if (used == ENTRY_INT80)
		return call_i386(call, a, b, c, d, e, f);
	if (ignores_tag(call))
		a = (long)entry_address(a);
	ret = syscall(usual[call], a, b, c, d, e, f);
	return ret == -1 ? -errno : ret;
}
