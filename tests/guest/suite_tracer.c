// SPDX-License-Identifier: GPL-2.0
/*
 * A tracer makes another process's calls for it.  Seals belong to the memory, so
 * it can do there no more than the process itself.
 */
#define _GNU_SOURCE
#ifdef __x86_64__
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "tracer.h"

/* Page 0 is sealed, page 1 is its twin; both are read-only. */
#define LAYOUT	"Rr"
#define GONE	(-2)

/* The first byte of a page there; GONE: it is no more. */
static int byte_there(pid_t pid, const char *at)
{
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKDATA, pid, at, NULL);
	return errno ? GONE : word & 0xff;
}

static const struct injection {
	const char *name;
	long nr;
	unsigned long args[3];	/* behind address and length */
	int left;		/* what the twin's page holds then */
} calls[] = {
	{ "munmap", SYS_munmap, { 0 }, GONE },
	{ "mprotect", SYS_mprotect, { PROT_NONE }, 0x12 },
	{ "pkey_mprotect", SYS_pkey_mprotect, { PROT_NONE, -1UL }, 0x12 },
	{ "mremap", SYS_mremap, { 4096, MREMAP_MAYMOVE | MREMAP_FIXED,
	  (unsigned long)HIGH_ARENA + (1UL << 24) }, GONE },
	{ "madvise", SYS_madvise, { MADV_DONTNEED }, 0 },
};

static void inject_calls(pid_t pid)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		const struct injection *call = &calls[i];
		long ret = tracer_inject(pid, call->nr, (unsigned long)arena, page,
				  call->args[0], call->args[1], call->args[2]);

		ck_assert_msg(ret == -EPERM, "injected %s: %ld", call->name, ret);
		ck_assert_int_eq(byte_there(pid, arena), 0x11);
	}
}

static void inject_twin(pid_t pid, const struct injection *call)
{
	long ret = tracer_inject(pid, call->nr, (unsigned long)arena + page, page,
			  call->args[0], call->args[1], call->args[2]);

	ck_assert_msg(ret >= 0, "injected %s of the twin: %ld", call->name, ret);
	ck_assert_int_eq(byte_there(pid, arena + page), call->left);
}

/* For the tracee to stop in, and to be traced if it may not be otherwise. */
static void offer(void)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
}

static void be_traced(void *arg)
{
	(void)arg;
	layout_seal(arena, LAYOUT);
	offer();
}

static void finish(pid_t pid)
{
	ck_assert_int_eq(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	child_wait(pid);
}

static void child(int row)
{
	pid_t pid;

	layout_map(arena, LAYOUT);
	pid = child_start(be_traced, NULL);
	ck_assert_int_eq(tracer_wait(pid), SIGSTOP);
	inject_calls(pid);
	inject_twin(pid, &calls[row]);
	finish(pid);
}

/* Sealed by one, injected into the other that shares the memory. */
static int share_and_stop(void *arg)
{
	(void)arg;
	if (syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0))
		return 1;
	syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
	return 0;
}

static void sharer(int row)
{
	pid_t pid;

	layout_map(arena, LAYOUT);
	layout_seal(arena, LAYOUT);
	pid = sharer_start(share_and_stop, NULL, 0);
	ck_assert_int_eq(tracer_wait(pid), SIGSTOP);
	inject_calls(pid);
	inject_twin(pid, &calls[row]);
	finish(pid);
	/* It is this process's memory, too. */
	layout_expect(arena, "r");
	layout_expect_sealed(arena, "R");
}

struct family {
	struct gate traced;
	int pid[2];
};

static void be_orphan(void *arg)
{
	struct family *family = arg;
	pid_t pid = getpid();

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ck_assert_int_eq(write(family->pid[1], &pid, sizeof(pid)), sizeof(pid));
	gate_wait(&family->traced);
}

static void seal_and_leave(void *arg)
{
	layout_seal(arena, LAYOUT);
	child_start(be_orphan, arg);
}

static void orphan(int row)
{
	struct family family;
	pid_t pid;

	layout_map(arena, LAYOUT);
	gate_init(&family.traced);
	ck_assert_int_eq(pipe(family.pid), 0);
	/* So that it can be waited for here. */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	in_child(seal_and_leave, &family);
	ck_assert_int_eq(read(family.pid[0], &pid, sizeof(pid)), sizeof(pid));
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL))
		skip("may not trace (%s)", strerror(errno));
	ck_assert_int_eq(tracer_wait(pid), SIGSTOP);
	inject_calls(pid);
	inject_twin(pid, &calls[row]);
	gate_open(&family.traced);
	finish(pid);
}

/* A tracer's own hand is as free as it is natively: seals don't stop it. */
static void poke_passes(int row)
{
	pid_t pid;

	(void)row;
	layout_map(arena, LAYOUT);
	pid = child_start(be_traced, NULL);
	ck_assert_int_eq(tracer_wait(pid), SIGSTOP);
	ck_assert_int_eq(ptrace(PTRACE_POKEDATA, pid, arena, (void *)0x5cL), 0);
	ck_assert_int_eq(byte_there(pid, arena), 0x5c);
	finish(pid);
}

static const struct test_case cases[] = {
	ROWS(child, calls),
	ROWS(sharer, calls),
	ROWS(orphan, calls),
	CASE(poke_passes),
};

SUITE(tracer, cases, ENTRY_USUAL);
#endif /* __x86_64__ */
