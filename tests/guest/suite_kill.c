// SPDX-License-Identifier: GPL-2.0
/* Refusals that are fatal: to the process that asked, all of it, and to no other. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "type_ops.h"
#include "uring.h"

#ifndef SYS_process_madvise
#define SYS_process_madvise	440
#endif

#define NR_TYPES	8
#define TWIN		(arena + 64 * page)	/* what is never sealed */
#define PARAMETER	"/sys/module/mseal/parameters/kill_on_denied"

static void expect_killed(pid_t pid)
{
	int status = wait_status(pid);

	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
		      "status %#x instead of SIGKILL", status);
}

struct attempt {
	const struct type_op *op;
	__u64 types;
};

/* In a child, which the refusal may end. */
static void attempt(void *arg)
{
	const struct attempt *a = arg;

	types_given(arena, a->op->layout, a->types);
	ck_assert_int_eq(a->op->run(arena), 0);
}

static void kill_one(const struct type_op *op, __u64 types)
{
	bool refused = type_model_refuses(op, types);
	struct attempt a = { op, types | MSEAL_T_KILL };
	pid_t pid = child_start(attempt, &a);

	if (refused)
		expect_killed(pid);
	else
		child_wait(pid);
}

/* Fatal exactly when it is refused, by whatever type; KILL alone refuses nothing. */
static void fatal(int row)
{
	unsigned int type;

	types_given(TWIN, type_ops[row].layout, 0);
	ck_assert_int_eq(type_ops[row].run(TWIN), 0);
	kill_one(&type_ops[row], 0);
	for (type = 0; type < NR_TYPES; type++)
		kill_one(&type_ops[row], 1ULL << type);
}

static void unseal_proof(void *arg)
{
	(void)arg;
	ck_assert_int_eq(munmap(arena, 3 * page), -1);
	ck_assert_int_eq(errno, EPERM);
}

/* Any page of the range will do, not only the one that refuses. */
static void anywhere_in_range(int row)
{
	(void)row;
	layout_map(arena, "www");
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_UNMAP), 0);
	in_child(unseal_proof, NULL);
	ck_assert_int_eq(device_seal(arena + 2 * page, page, MSEAL_T_KILL), 0);
	expect_killed(child_start(unseal_proof, NULL));
}

/* On trial nothing is fatal; nor is what passes. */
static void on_trial(int row)
{
	(void)row;
	layout_map(arena, "ww");
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_UNMAP), 0);
	ck_assert_int_eq(device_seal(arena, 2 * page,
				     MSEAL_T_UNMAP | MSEAL_T_KILL | MSEAL_T_REPORT), 0);
	ck_assert_int_eq(munmap(arena, page), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(munmap(arena + page, page), 0);
}

static void *sleep_on(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return NULL;
}

static void *offend(void *arg)
{
	(void)arg;
	munmap(arena, page);
	return NULL;
}

static void ignore(int sig)
{
	(void)sig;
}

/* Blocked, ignored or caught, by the leader or by another thread. */
static void in_a_crowd(void *arg)
{
	struct sigaction catch = { .sa_handler = ignore };
	pthread_t thread;
	sigset_t all;
	int i;

	types_given(arena, "W", MSEAL_T_UNMAP | MSEAL_T_KILL);
	for (i = 1; i < 32; i++)
		sigaction(i, &catch, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	for (i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&thread, NULL, sleep_on, NULL), 0);
	if (arg)
		munmap(arena, page);
	else
		ck_assert_int_eq(pthread_create(&thread, NULL, offend, NULL), 0);
	sleep_on(NULL);
}

static void all_threads(int row)
{
	(void)row;
	expect_killed(child_start(in_a_crowd, "the leader"));
	expect_killed(child_start(in_a_crowd, NULL));
}

/* Of a ring's worker the process is its owner; the request may be done inline, too. */
static void by_ring(void *arg)
{
	struct uring ring;

	uring_open(&ring, 0);
	types_given(arena, "W", MSEAL_T_DISCARD_ALL | MSEAL_T_KILL);
	uring_madvise(&ring, arena, page, MADV_DONTNEED, *(unsigned int *)arg);
	sleep_on(NULL);
}

static const struct ring_row {
	const char *name;
	unsigned int flags;
} ring_rows[] = {
	{ "inline", 0 },
	{ "worker", IOSQE_ASYNC },
};

static void owner_of_ring(int row)
{
	unsigned int flags = ring_rows[row].flags;
	struct uring ring;

	uring_open(&ring, 0);
	layout_map(TWIN, "w");
	ck_assert_int_eq(uring_madvise(&ring, TWIN, page, MADV_DONTNEED, flags), 0);
	expect_killed(child_start(by_ring, &flags));
}

static int sharer_waits(void *arg)
{
	gate_wait(arg);
	return 0;
}

static int sharer_offends(void *arg)
{
	(void)arg;
	munmap(arena, page);
	return 0;
}

/* Who only shares the address space is another process. */
static void sharers_live(int row)
{
	static struct gate gate;
	pid_t other;

	(void)row;
	gate_init(&gate);
	types_given(arena, "W", MSEAL_T_UNMAP | MSEAL_T_KILL);
	other = sharer_start(sharer_waits, &gate, CLONE_VM);
	expect_killed(sharer_start(sharer_offends, NULL, CLONE_VM));
	gate_open(&gate);
	ck_assert_int_eq(wait_status(other), 0);
	ck_assert(is_mapped(arena));
}

static void refused_once(void *arg)
{
	types_given(arena, "W", MSEAL_T_UNMAP);
	ck_assert_int_eq(munmap(arena, page), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert(!arg);
}

struct advised {
	struct gate sealed, over;
};

static void be_advised(void *arg)
{
	struct advised *advised = arg;

	types_given(arena, "R", MSEAL_T_NATIVE | MSEAL_T_KILL);
	gate_open(&advised->sealed);
	gate_wait(&advised->over);
}

/*
 * To advise another process is no offence, whatever its seals; not even by whoever
 * has a ring, by which much else may be going on.
 */
static void adviser_lives(int row)
{
	struct iovec iov = { arena, page };
	struct advised advised;
	struct uring ring;
	pid_t pid;
	int fd;

	(void)row;
	need_root();
	uring_open(&ring, 0);
	gate_init(&advised.sealed);
	gate_init(&advised.over);
	pid = child_start(be_advised, &advised);
	gate_wait(&advised.sealed);
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	ck_assert_int_ge(fd, 0);
	if (syscall(SYS_process_madvise, fd, &iov, 1, MADV_WILLNEED, 0) != (long)page)
		ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(syscall(SYS_process_madvise, fd, &iov, 1, MADV_COLD, 0), page);
	gate_open(&advised.over);
	child_wait(pid);
}

/* The administrator may want it of every seal. */
static void parameter(int row)
{
	pid_t child;

	(void)row;
	need_root();
	in_child(refused_once, NULL);
	ck_assert(file_set_number(PARAMETER, 1));
	child = child_start(refused_once, "not reached");
	expect_killed(child);
	ck_assert(file_set_number(PARAMETER, 0));
	in_child(refused_once, NULL);
}

static const struct test_case cases[] = {
	LONG_ROWS(fatal, type_ops, 60),
	CASE(anywhere_in_range),
	CASE(on_trial),
	CASE(all_threads),
	ROWS(owner_of_ring, ring_rows),
	CASE(sharers_live),
	CASE(adviser_lives),
	CASE(parameter),
};

SUITE(kill, cases, ENTRY_USUAL);
