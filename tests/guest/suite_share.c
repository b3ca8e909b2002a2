// SPDX-License-Identifier: GPL-2.0
/* Sharers of the memory share the seals; exec and exit end them. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "exec_probe.h"
#include "expect.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)

/* Bits of the status of a process that shares the memory. */
enum { SEAL_FAILED = 1, OLD_SEAL_OPEN = 2, FREE_REFUSED = 4 };

static int sharer(void *arg)
{
	int status = 0;

	(void)arg;
	if (syscall(SYS_munmap, arena, page) != -1 || errno != EPERM)
		status |= OLD_SEAL_OPEN;
	if (seal(arena + page, page))
		status |= SEAL_FAILED;
	if (syscall(SYS_munmap, arena + 2 * page, page))
		status |= FREE_REFUSED;
	return status;
}

static void expect_shared(void)
{
	layout_expect(arena, "WW.");
	layout_expect_sealed(arena, "WW.");
	expect_refused(arena);
	expect_refused(arena + page);
}

static void shared_memory(int flags)
{
	pid_t pid;

	layout_map(arena, "Www");
	layout_seal(arena, "Www");
	pid = sharer_start(sharer, NULL, flags);
	ck_assert_int_eq(wait_status(pid), 0);
	expect_shared();
}

static void clone_vm_shares(int row)
{
	(void)row;
	shared_memory(0);
}

static void vfork_shares(int row)
{
	(void)row;
	shared_memory(CLONE_VFORK);
}

static int late_sharer(void *arg)
{
	int *fds = arg;
	char byte;

	if (syscall(SYS_read, fds[0], &byte, 1) != 1)
		return 1;
	if (syscall(SYS_munmap, arena, page) != -1 || errno != EPERM)
		return 2;
	return 0;
}

/* A seal holds for a sharer that was there before it. */
static void seal_after_clone_vm(int row)
{
	struct gate gate;
	pid_t pid;

	(void)row;
	gate_init(&gate);
	layout_map(arena, "w");
	pid = sharer_start(late_sharer, gate.fd, 0);
	ck_assert_int_eq(seal(arena, page), 0);
	gate_open(&gate);
	ck_assert_int_eq(wait_status(pid), 0);
	expect_refused(arena);
}

static void *thread_seals(void *arg)
{
	(void)arg;
	return (void *)(long)sharer(NULL);
}

static void threads_share(int row)
{
	pthread_t thread;
	void *status;

	(void)row;
	layout_map(arena, "Www");
	layout_seal(arena, "Www");
	ck_assert_int_eq(pthread_create(&thread, NULL, thread_seals, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, &status), 0);
	ck_assert_ptr_null(status);
	expect_shared();
}

int exec_probe(const char *address)
{
	char *at = (char *)strtoul(address, NULL, 0);

	if (mmap(at, page, RW, MAP_FIXED_NOREPLACE | MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0) != at)
		return 3;
	if (mprotect(at, page, PROT_READ))
		return 4;
	return munmap(at, page) ? 5 : 0;
}

static void execute(void *arg)
{
	char address[32];

	(void)arg;
	snprintf(address, sizeof(address), "%p", (void *)arena);
	execl("/proc/self/exe", "mseal-test", EXEC_PROBE, address, NULL);
	ck_abort_msg("execl: %s", strerror(errno));
}

static void exec_drops(int row)
{
	(void)row;
	layout_map(arena, "WWW");
	layout_seal(arena, "WWW");
	in_child(execute, NULL);
	layout_expect_sealed(arena, "WWW");
}

/* The memory of the parent is that of the child until it has executed. */
static void exec_after_vfork(int row)
{
	char address[32];
	pid_t pid;

	(void)row;
	snprintf(address, sizeof(address), "%p", (void *)arena);
	layout_map(arena, "WWW");
	layout_seal(arena, "WWW");
	pid = vfork();
	if (!pid) {
		execl("/proc/self/exe", "mseal-test", EXEC_PROBE, address, NULL);
		_exit(9);
	}
	child_wait(pid);
	layout_expect_sealed(arena, "WWW");
	expect_refused(arena);
}

static void killed(void *arg)
{
	(void)arg;
	for (;;)
		pause();
}

static void killed_while_sealed(int row)
{
	pid_t pid;

	(void)row;
	layout_map(arena, "WWW");
	layout_seal(arena, "WWW");
	pid = child_start(killed, NULL);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(wait_status(pid), SIGKILL);
	layout_expect_sealed(arena, "WWW");
}

static const struct test_case cases[] = {
	CASE(clone_vm_shares),
	CASE(vfork_shares),
	CASE(seal_after_clone_vm),
	CASE(threads_share),
	CASE(exec_drops),
	CASE(exec_after_vfork),
	CASE(killed_while_sealed),
};

SUITE(share, cases, ENTRY_USUAL);
