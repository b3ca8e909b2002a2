// SPDX-License-Identifier: GPL-2.0
/* More of the 32-bit program: paths that keep what is sealed without an error. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "compat32.h"

static void expect_page(char *at, const char *want, const char *what)
{
	char now[4 * PAGES + 1];

	describe(at, now);
	if (strncmp(now, want, 4))
		fail("%s: %.4s, not %s", what, now, want);
}

void shmdt_stays(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);

	if (id < 0)
		exit(LACKING);
	if (shmat(id, ARENA, 0) != ARENA || shmdt(ARENA))
		fail("unsealed shmdt: %s", strerror(errno));
	expect_page(ARENA, "....", "unsealed shmdt");
	shmat(id, ARENA, 0);
	shmctl(id, IPC_RMID, NULL);
	expect_seal((unsigned long)ARENA, PAGE, 0, 0);
	if (shmdt(ARENA))
		fail("shmdt: %s", strerror(errno));
	expect_page(ARENA, "rw-s", "shmdt");
}

void brk_stays(void)
{
	unsigned long old = (syscall(SYS_brk, 0) + PAGE - 1) & -PAGE;
	unsigned long new = old + PAGE, got[4];

	got[0] = syscall(SYS_brk, new);
	got[1] = syscall(SYS_brk, old);
	got[2] = syscall(SYS_brk, new);
	expect_seal(old, PAGE, 0, 0);
	got[3] = syscall(SYS_brk, old);
	if (got[0] != new || got[1] != old || got[2] != new || got[3] != new)
		fail("brk at %lx: %lx %lx %lx, sealed %lx", old, got[0], got[1],
		     got[2], got[3]);
	if (syscall(SYS_brk, new + PAGE) != (long)(new + PAGE))
		fail("brk doesn't grow any more");
}

static int advise(int process, char *at, int advice)
{
	struct iovec iov = { at, PAGE };
	int ret = syscall(SYS_process_madvise, process, &iov, 1, advice, 0);

	return ret < 0 ? -errno : ret;
}

/* Few kernels discard this way, but where one does, it is refused. */
void advise_process(void)
{
	int process = syscall(SYS_pidfd_open, getpid(), 0), unsealed, sealed;

	if (process < 0)
		exit(LACKING);
	map_private(ARENA);
	if (advise(process, ARENA, MADV_COLD) == -EPERM && geteuid())
		exit(LACKING);
	expect_seal((unsigned long)ARENA + PAGE, PAGE, 0, 0);
	if (advise(process, ARENA + PAGE, MADV_COLD) != PAGE)
		fail("process_madvise: %s", strerror(errno));
	unsealed = advise(process, ARENA, MADV_DONTNEED);
	sealed = advise(process, ARENA + PAGE, MADV_DONTNEED);
	if ((unsealed != PAGE || sealed != -EPERM) &&
	    (unsealed != -EINVAL || sealed != -EINVAL))
		fail("process_madvise: %d, sealed %d", unsealed, sealed);
	if (ARENA[PAGE] != 'b')
		fail("process_madvise discarded");
}

void io_destroy_keeps(void)
{
	unsigned long context = 0;

	if (syscall(SYS_io_setup, 1, &context))
		exit(LACKING);
	expect_seal(context, PAGE, 0, 0);
	if (syscall(SYS_io_destroy, context))
		fail("io_destroy: %s", strerror(errno));
	expect_page((char *)context, "rw-s", "io_destroy");
}
