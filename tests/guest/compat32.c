// SPDX-License-Identifier: GPL-2.0
/*
 * A real 32-bit program, for mseal-test to execute: compat32 SEALER CASE.
 * Says what went wrong and ends 1; ends 77 if the machine lacks what it needs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/mseal_dev.h>

#include "compat32.h"

#define NR_MSEAL	462
#define NEW		(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

_Static_assert(sizeof(void *) == 4, "build this with -m32");

static enum { NATIVE, DEVICE, SHAM } sealer;
static int failures;

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	failures++;
}

static int device(void)
{
	int fd = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	printf("%s: %s\n", MSEAL_DEVICE, strerror(errno));
	exit(1);
}

static int seal(unsigned long addr, unsigned long len, unsigned long flags)
{
	struct mseal_range range = {
		.size = sizeof(range),
		.addr = addr,
		.len = len,
		.types = MSEAL_T_NATIVE,
		.flags = flags,
	};
	int fd, ret, error;

	if (sealer == NATIVE)
		return syscall(NR_MSEAL, addr, len, flags);
	if (sealer == SHAM)
		return 0;
	fd = device();
	ret = ioctl(fd, MSEAL_IOC_SEAL, &range);
	error = errno;
	close(fd);
	errno = error;
	return ret;
}

void describe(char *at, char *to)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	char line[512], perm[5];
	int i;

	memset(to, '.', 4 * PAGES);
	to[4 * PAGES] = '\0';
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %4s", &start, &end, perm) != 3)
			continue;
		for (i = 0; i < PAGES; i++)
			if ((unsigned long)at + i * PAGE >= start &&
			    (unsigned long)at + i * PAGE < end)
				memcpy(to + 4 * i, perm, 4);
	}
	if (maps)
		fclose(maps);
}

static int do_munmap(char *at)
{
	return munmap(at, PAGE);
}

static int do_mmap(char *at)
{
	return mmap(at, PAGE, PROT_READ, NEW, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int do_mprotect(char *at)
{
	return mprotect(at, PAGE, PROT_READ);
}

static int do_pkey_mprotect(char *at)
{
	return syscall(SYS_pkey_mprotect, at, PAGE, PROT_NONE, -1);
}

static int do_shmat(char *at)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	void *got;
	int error;

	if (id < 0)
		exit(LACKING);
	got = shmat(id, at, SHM_REMAP | SHM_RDONLY);
	error = errno;
	shmctl(id, IPC_RMID, NULL);
	errno = error;
	return got == (void *)-1 ? -1 : 0;
}

static int do_remap_file_pages(char *at)
{
	return syscall(SYS_remap_file_pages, at, PAGE, 0, 2, 0);
}

#define ELSEWHERE	(ARENA + (1 << 24))

static int do_mremap(char *at)
{
	return mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, ELSEWHERE) ==
	       MAP_FAILED ? -1 : 0;
}

static int do_mremap_onto(char *at)
{
	char *from = mmap(ELSEWHERE, PAGE, RW, NEW, -1, 0);

	*from = 'z';
	return mremap(from, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at) ==
	       MAP_FAILED ? -1 : 0;
}

static int do_madvise(char *at)
{
	int ret = madvise(at, PAGE, MADV_DONTNEED);

	if (!ret && *at)
		fail("madvise discarded nothing");
	return ret;
}

static char *map_as(char *at, int flags)
{
	int i;

	if (mmap(at, PAGES * PAGE, RW, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at) {
		printf("mmap: %s\n", strerror(errno));
		exit(1);
	}
	for (i = 0; i < PAGES; i++)
		memset(at + i * PAGE, 'a' + i, PAGE);
	return at;
}

static char *map(char *at)
{
	return map_as(at, MAP_SHARED);
}

char *map_private(char *at)
{
	map_as(at, MAP_PRIVATE);
	mprotect(at, PAGES * PAGE, PROT_READ);
	return at;
}

static const struct operation {
	const char *name;
	int (*run)(char *at);
	const char *after;
	char *(*map)(char *at);	/* NULL: map() */
} operations[] = {
	{ "munmap", do_munmap, "rw-s....rw-s", NULL },
	{ "mmap", do_mmap, "rw-sr--prw-s", NULL },
	{ "mprotect", do_mprotect, "rw-sr--srw-s", NULL },
	{ "pkey_mprotect", do_pkey_mprotect, "rw-s---srw-s", NULL },
	{ "shmat", do_shmat, "rw-sr--srw-s", NULL },
	{ "remap_file_pages", do_remap_file_pages, "rw-srw-srw-s", NULL },
	{ "mremap", do_mremap, "rw-s....rw-s", NULL },
	{ "mremap_onto", do_mremap_onto, "rw-srw-prw-s", NULL },
	{ "madvise", do_madvise, "r--pr--pr--p", map_private },
};

static void run_unsealed(const struct operation *op, char *at)
{
	char now[4 * PAGES + 1];

	if (op->run(at + PAGE))
		fail("unsealed %s: %s", op->name, strerror(errno));
	describe(at, now);
	if (strcmp(now, op->after))
		fail("unsealed %s left %s, not %s", op->name, now, op->after);
	if (now[4] == 'r' && now[5] == 'w' && at[PAGE] == 'b')
		fail("unsealed %s left the page's content", op->name);
}

static void run_sealed(const struct operation *op, char *at)
{
	char before[4 * PAGES + 1], after[4 * PAGES + 1];
	unsigned long i;
	int ret;

	if (seal((unsigned long)at + PAGE, PAGE, 0))
		fail("seal: %s", strerror(errno));
	describe(at, before);
	errno = 0;
	ret = op->run(at + PAGE);
	if (ret != -1 || errno != EPERM)
		fail("sealed %s: %d, %s", op->name, ret, strerror(errno));
	describe(at, after);
	if (strcmp(before, after)) {
		fail("sealed %s changed %s to %s", op->name, before, after);
		return;
	}
	for (i = 0; i < PAGES * PAGE; i++)
		if (at[i] != (char)('a' + i / PAGE)) {
			fail("sealed %s changed byte %lu", op->name, i);
			return;
		}
}

static void run_on(const struct operation *op)
{
	char *(*map_for)(char *) = op->map ? op->map : map;

	run_unsealed(op, map_for(ARENA));
	run_sealed(op, map_for(ARENA + PAGES * PAGE));
}

void expect_seal(unsigned long addr, unsigned long len, unsigned long flags,
			int want)
{
	int ret, got;

	errno = 0;
	ret = seal(addr, len, flags);
	got = errno;
	if (ret != (want ? -1 : 0) || got != want)
		fail("seal(%#lx, %#lx, %#lx): want %d, got %d", addr, len, flags, want,
		     got);
}

static void arguments(void)
{
	unsigned long at = (unsigned long)map(ARENA);

	munmap(ARENA + 2 * PAGE, PAGE);
	expect_seal(at, PAGE, 1, EINVAL);
	expect_seal(at + 1, PAGE, 0, EINVAL);
	expect_seal(at + 1, 0, 0, EINVAL);
	expect_seal(at, 0, 0, 0);
	expect_seal(at + 2 * PAGE, 0, 0, 0);
	expect_seal(at, 3 * PAGE, 0, ENOMEM);
	/* For the kernel neither wraps: a 32-bit length is one of 64 bits. */
	expect_seal(at, -1UL, 0, ENOMEM);
	expect_seal(at, -PAGE + 2, 0, ENOMEM);
	expect_seal(-PAGE, PAGE, 0, ENOMEM);
	if (munmap(ARENA, 2 * PAGE))
		fail("munmap after the failed seals: %s", strerror(errno));
	map(ARENA);
	expect_seal(at, PAGE, 0, 0);
	expect_seal(at, PAGE, 0, 0);
	if (munmap(ARENA, PAGE) != -1 || errno != EPERM)
		fail("munmap of the sealed page: %s", strerror(errno));
}

static void expect_ioctl(int fd, unsigned long call, void *argument, int want)
{
	int ret, got;

	errno = 0;
	ret = ioctl(fd, call, argument);
	got = errno;
	if (ret != (want ? -1 : 0) || got != want)
		fail("ioctl %#lx: want %d, got %d", call, want, got);
}

static void ioctls(void)
{
	struct mseal_range range = {
		.size = sizeof(range),
		.addr = (unsigned long)map(ARENA),
		.len = PAGE,
		.types = MSEAL_T_NATIVE,
	};
	struct mseal_hook hooks[32];
	struct mseal_info info = {
		.size = sizeof(info),
		.nr_hooks = 32,
		.hooks = (unsigned long)hooks,
	};
	int fd = device();

	expect_ioctl(fd, MSEAL_IOC_SEAL, NULL, EFAULT);
	expect_ioctl(fd, MSEAL_IOC_SEAL, (void *)0xfffff000, EFAULT);
	expect_ioctl(fd, _IO(0xBB, 0x7f), &range, ENOTTY);
	range.types = 1ULL << 63;
	expect_ioctl(fd, MSEAL_IOC_SEAL, &range, EOPNOTSUPP);
	range.types = MSEAL_T_NATIVE;
	range.size = 4;
	expect_ioctl(fd, MSEAL_IOC_SEAL, &range, EINVAL);
	range.size = sizeof(range);
	range.flags = 1ULL << 32;
	expect_ioctl(fd, MSEAL_IOC_SEAL, &range, EINVAL);
	range.flags = 0;
	range.addr += 1ULL << 32;
	expect_ioctl(fd, MSEAL_IOC_SEAL, &range, ENOMEM);
	range.addr -= 1ULL << 32;
	if (munmap(ARENA, PAGE))
		fail("munmap after the failed seals: %s", strerror(errno));
	map(ARENA);
	expect_ioctl(fd, MSEAL_IOC_SEAL, &range, 0);
	expect_ioctl(fd, MSEAL_IOC_INFO, &info, 0);
	if (info.abi != MSEAL_ABI_VERSION || !info.spaces || !info.ranges ||
	    !info.nr_hooks || info.nr_hooks > 32 || !hooks[0].function[0])
		fail("INFO: abi %u, %llu spaces, %llu ranges, %u hooks", info.abi,
		     info.spaces, info.ranges, info.nr_hooks);
	close(fd);
}

static const struct {
	const char *name;
	void (*run)(void);
} others[] = {
	{ "arguments", arguments }, { "ioctls", ioctls }, { "shmdt", shmdt_stays },
	{ "brk", brk_stays }, { "process_madvise", advise_process },
	{ "io_destroy", io_destroy_keeps },
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc != 3)
		return 2;
	sealer = !strcmp(argv[1], "device") ? DEVICE :
		 !strcmp(argv[1], "native") ? NATIVE : SHAM;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(others[i].name, argv[2]))
			continue;
		others[i].run();
		return failures != 0;
	}
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (strcmp(operations[i].name, argv[2]))
			continue;
		run_on(&operations[i]);
		return failures != 0;
	}
	fprintf(stderr, "compat32: no case %s\n", argv[2]);
	return 2;
}
