// SPDX-License-Identifier: GPL-2.0
/* An address space that ends while somebody asks what is sealed in it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "report.h"
#include "settle.h"
#include "target.h"

#define RW	(PROT_READ | PROT_WRITE)
/* More than go to user space at once, and not more than fit behind BEFORE. */
#define NR	140
#define BEFORE	32
#define ENOUGH	300

static void seal_many(struct target *self)
{
	size_t i;

	(void)self;
	ck_assert_ptr_eq(mmap(arena, 2 * NR * page, RW, MAP_PRIVATE | MAP_ANONYMOUS |
			      MAP_FIXED_NOREPLACE, -1, 0), arena);
	for (i = 0; i < NR; i++)
		ck_assert_int_eq(device_seal(arena + 2 * i * page, page,
					     MSEAL_T_PROTECT), 0);
}

static void expect_many(const struct mseal_record *records)
{
	size_t i;

	for (i = 0; i < NR; i++) {
		ck_assert_uint_eq(records[i].start, (unsigned long)arena + 2 * i * page);
		ck_assert_uint_eq(records[i].end, records[i].start + page);
		ck_assert_uint_eq(records[i].types, MSEAL_T_PROTECT);
	}
}

/* Where the second page is missing until somebody serves it. */
static int watch(char *pages)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (unsigned long)pages + page, page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		skip("no userfaultfd() for the kernel's faults (%s)", strerror(errno));
	ck_assert_int_eq(ioctl(fd, UFFDIO_API, &api), 0);
	ck_assert_int_eq(ioctl(fd, UFFDIO_REGISTER, &range), 0);
	return fd;
}

static void serve(int fd, char *pages)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)pages + page, page },
	};

	ck_assert_int_eq(ioctl(fd, UFFDIO_ZEROPAGE, &zero), 0);
	close(fd);
}

struct question {
	int pidfd;
	struct mseal_record *records;
	long answer;
};

static void *put_question(void *arg)
{
	struct question *q = arg;

	q->answer = target_query(q->pidfd, NULL, q->records, NR + 1);
	return NULL;
}

static void executes(struct target *target)
{
	gate_open(&target->go);
	gate_wait(&target->ready);
}

static void exits(struct target *target)
{
	gate_open(&target->go);
	child_wait(target->pid);
}

static void stays(struct target *target)
{
	ck_assert_int_eq(target_maps_verdict(target->pid), 0);
}

static void seal_and_execute(struct target *self)
{
	int program = target_program(0755);

	seal_many(self);
	gate_open(&self->ready);
	gate_wait(&self->go);
	target_exec(self, program);
}

static const struct end_row {
	const char *name;
	void (*prepare)(struct target *self);
	void (*meanwhile)(struct target *target);
	long answer, later;
} end_rows[] = {
	{ "stays", seal_many, stays, NR, NR },
	{ "executes", seal_and_execute, executes, -ESRCH, 0 },
	{ "exits", seal_many, exits, -ESRCH, -ESRCH },
};

static bool fewer_spaces(void *before)
{
	return device_info().spaces < *(__u64 *)before;
}

/* A question that waits for a page of its own doesn't keep what it asks about. */
static void while_it_waits(int row)
{
	const struct end_row *e = &end_rows[row];
	struct target target = target_start(e->prepare);
	struct question q = { .pidfd = target.pidfd };
	char *pages = mmap(NULL, 3 * page, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__u64 spaces = device_info().spaces;
	struct pollfd fault;
	pthread_t thread;

	ck_assert_ptr_ne(pages, MAP_FAILED);
	fault = (struct pollfd){ .fd = watch(pages), .events = POLLIN };
	q.records = (struct mseal_record *)(pages + page) - BEFORE;
	ck_assert_int_eq(pthread_create(&thread, NULL, put_question, &q), 0);
	ck_assert_int_eq(poll(&fault, 1, 30000), 1);
	ck_assert_int_eq(fault.revents, POLLIN);
	e->meanwhile(&target);
	ck_assert(e->answer >= 0 || settles(fewer_spaces, &spaces));
	serve(fault.fd, pages);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(q.answer, e->answer);
	if (e->answer == NR)
		expect_many(q.records);
	ck_assert_int_eq(target_query(target.pidfd, NULL, q.records, NR + 1), e->later);
	if (e->later >= 0)
		target_end(&target);
}

static void let_execute(struct target *target)
{
	gate_open(&target->go);
}

static void let_be_killed(struct target *target)
{
	ck_assert_int_eq(kill(target->pid, SIGKILL), 0);
}

static void has_executed(struct target *target)
{
	gate_wait(&target->ready);
	target_end(target);
}

static void was_killed(struct target *target)
{
	int status = wait_status(target->pid);

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
	target_close(target);
}

static const struct until_row {
	const char *name;
	void (*prepare)(struct target *self);
	void (*begin)(struct target *target);
	void (*finish)(struct target *target);
	long last;	/* the answer when all is over */
} until_rows[] = {
	{ "executes", seal_and_execute, let_execute, has_executed, 0 },
	{ "killed", seal_many, let_be_killed, was_killed, -ESRCH },
};

/* At any moment the answer is all of the old program's list, or nothing of it. */
static void ask_until_over(const struct until_row *row, struct target *target,
			   long *whole, long *cut)
{
	struct mseal_record records[NR + 1];
	long got;

	row->begin(target);
	do {
		memset(records, 0, sizeof(records));
		got = target_query(target->pidfd, NULL, records, NR + 1);
		ck_assert_msg(got == NR || got == -ESRCH || got == row->last, "%ld",
			      got);
		if (got == NR)
			expect_many(records);
		*whole += got == NR;
		*cut += got == -ESRCH;
	} while (got != row->last);
	row->finish(target);
}

/* The first question may come too late; one of so many processes is asked in time. */
static void until_it_ends(int number)
{
	const struct until_row *row = &until_rows[number];
	long whole = 0, cut = 0, i, n = scaled(ENOUGH);

	for (i = 0; i < n || (!whole && i < ENOUGH); i++) {
		struct target target = target_start(row->prepare);

		ask_until_over(row, &target, &whole, &cut);
	}
	ck_assert_int_gt(whole, 0);
	note("%s: %ld whole lists, %ld cut off", row->name, whole, cut);
}

static const struct test_case cases[] = {
	ROWS(while_it_waits, end_rows),
	LONG_ROWS(until_it_ends, until_rows, 300),
};

SUITE(query_end, cases, ENTRY_USUAL);
