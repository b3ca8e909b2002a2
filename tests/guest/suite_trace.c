// SPDX-License-Identifier: GPL-2.0
/* What a refusal leaves behind: an event for each, and a line in the log if asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "tracefs.h"
#include "type_ops.h"

#define LOG_DENIED	"/sys/module/mseal/parameters/log_denied"
#define EVENTS		8
#define TWIN		(arena + 64 * page)	/* what is never sealed */

static const struct trace_row {
	const char *name;	/* in type_ops */
	__u64 types;
	const char *op;
	size_t from, pages;	/* of the layout */
} trace_rows[] = {
	{ "munmap", MSEAL_T_UNMAP, "unmap", 0, 1 },
	{ "munmap of more", MSEAL_T_UNMAP, "unmap", 0, 3 },
	{ "mmap over", MSEAL_T_OVER, "map", 0, 1 },
	{ "mmap over more", MSEAL_T_UNMAP, "map", 0, 3 },
	{ "shmat over", MSEAL_T_OVER | MSEAL_T_DISCARD, "map", 0, 1 },
	{ "rw to r", MSEAL_T_PROTECT, "protect", 0, 1 },
	{ "r to rw", MSEAL_T_UPGRADE, "protect", 0, 1 },
	{ "several to r", MSEAL_T_PROTECT, "protect", 0, 3 },
	{ "several to rw", MSEAL_T_UPGRADE, "protect", 0, 3 },
	{ "mremap, same size", MSEAL_T_REMAP, "remap", 0, 1 },
	{ "mremap cuts it off", MSEAL_T_UNMAP, "remap", 0, 2 },
	{ "mremap grows", MSEAL_T_FREEZE, "remap", 0, 1 },
	{ "mremap grows or moves", MSEAL_T_DISCARD, "remap", 0, 1 },
	{ "mremap moves", MSEAL_T_PROTECT, "remap", 0, 1 },
	{ "mremap leaves it empty", MSEAL_T_NATIVE, "remap", 0, 1 },
	{ "mremap duplicates", MSEAL_T_REMAP, "remap", 0, 1 },
	{ "mremap onto", MSEAL_T_OVER, "remap", 1, 1 },
	{ "DONTNEED, r", MSEAL_T_DISCARD, "discard", 0, 1 },
	{ "DONTNEED, shared", MSEAL_T_DISCARD_ALL, "discard", 0, 1 },
	{ "FREE, none", MSEAL_T_DISCARD, "discard", 0, 1 },
	{ "REMOVE, shared", MSEAL_T_DISCARD_ALL, "discard", 0, 1 },
	{ "DONTFORK, rw", MSEAL_T_DISCARD_ALL, "discard", 0, 1 },
	{ "seal", MSEAL_T_FREEZE, "seal", 0, 1 },
};

static const struct type_op *op_named(const char *name)
{
	size_t i;

	for (i = 0; i < NR_TYPE_OPS; i++)
		if (!strcmp(type_ops[i].name, name))
			return &type_ops[i];
	ck_abort_msg("no operation %s", name);
}

static void expect_where(const struct trace_event *event, size_t from, size_t pages)
{
	char comm[16];

	prctl(PR_GET_NAME, comm);
	ck_assert_str_eq(event->comm, comm);
	ck_assert_int_eq(event->pid, getpid());
	ck_assert_uint_eq(event->start, (unsigned long)arena + from * page);
	ck_assert_uint_eq(event->end, event->start + pages * page);
}

static void expect_denied(const struct trace_row *r, __u64 types)
{
	struct trace_event events[EVENTS];

	ck_assert_uint_eq(trace_take(events, EVENTS), 1);
	ck_assert_str_eq(events[0].name, "mseal_denied");
	ck_assert_str_eq(events[0].op, r->op);
	expect_where(&events[0], r->from, r->pages);
	ck_assert_uint_eq(events[0].types, types);
	ck_assert(page_prot((char *)(events[0].ip & -page)) & PROT_EXEC);
}

/* What passes leaves none; what is refused one, with what it met. */
static void denied(int row)
{
	const struct trace_row *r = &trace_rows[row];
	const struct type_op *op = op_named(r->name);
	struct trace_event events[EVENTS];

	trace_begin();
	types_given(TWIN, op->layout, 0);
	ck_assert_int_eq(op->run(TWIN), 0);
	trace_take(events, EVENTS);
	types_given(arena, op->layout, r->types);
	ck_assert_uint_eq(trace_take(events, EVENTS), 1);
	ck_assert_str_eq(events[0].name, "mseal_sealed");
	ck_assert_uint_eq(events[0].types, r->types);
	ck_assert_int_eq(op->run(arena), -EPERM);
	expect_denied(r, r->types);
}

/* Unsealed memory, and calls that the seal permits. */
static void nothing_else(int row)
{
	const struct type_op *op = &type_ops[row];
	struct trace_event events[EVENTS];

	trace_begin();
	types_given(arena + 64 * page, "W", MSEAL_T_NATIVE);
	types_given(arena, op->layout, 0);
	ck_assert_uint_eq(trace_take(events, EVENTS), 1);
	ck_assert_int_eq(op->run(arena), 0);
	ck_assert_uint_eq(trace_take(events, EVENTS), !!(op->effect & ADDS_PROTECT));
}

/* On trial: the same event, marked, and the operation passes. */
static void reported(int row)
{
	const struct trace_row *r = &trace_rows[row];
	const struct type_op *op = op_named(r->name);
	struct trace_event events[EVENTS];
	size_t n, i;

	trace_begin();
	types_given(arena, op->layout, r->types | MSEAL_T_REPORT);
	ck_assert_uint_eq(trace_take(events, EVENTS), 1);
	ck_assert_uint_eq(events[0].types, r->types | MSEAL_T_REPORT);
	ck_assert_int_eq(op->run(arena), 0);
	n = trace_take(events, EVENTS);
	ck_assert_uint_ge(n, 1);
	for (i = 0; i < n && strcmp(events[i].op, r->op); i++)
		;
	ck_assert_uint_lt(i, n);
	ck_assert_int_eq(events[i].pid, getpid());
	ck_assert_uint_eq(events[i].types, r->types | MSEAL_T_REPORT);
}

static void sealed(int row)
{
	struct trace_event events[EVENTS];

	(void)row;
	trace_begin();
	layout_map(arena, "www");
	ck_assert_int_eq(device_seal(arena + page, 2 * page, MSEAL_T_KILL | MSEAL_T_OVER), 0);
	ck_assert_int_eq(device_seal(arena + page, 3 * page, MSEAL_T_OVER), -ENOMEM);
	ck_assert_uint_eq(trace_take(events, EVENTS), 1);
	ck_assert_str_eq(events[0].name, "mseal_sealed");
	expect_where(&events[0], 1, 2);
	ck_assert_uint_eq(events[0].types, MSEAL_T_KILL | MSEAL_T_OVER);
}

/* The log from its present end on. */
static int log_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	ck_assert_msg(fd >= 0, "/dev/kmsg: %s", strerror(errno));
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* How many records hold the text; the last of them is left in the buffer. */
static unsigned int log_count(int fd, const char *text, char *last, size_t room)
{
	unsigned int n = 0;
	char record[2048];
	ssize_t len;

	while ((len = read(fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		if (!strstr(record, text))
			continue;
		snprintf(last, room, "%s", record);
		n++;
	}
	return n;
}

static void refused_unmap(unsigned int times)
{
	while (times--)
		ck_assert(munmap(arena, page) == -1 && errno == EPERM);
}

/* One line for a refusal, none without the parameter, few if there are many. */
static void logged(int row)
{
	char want[256], last[2048];
	int fd;

	(void)row;
	need_root();
	prctl(PR_SET_NAME, "a\"b\nc");
	types_given(arena, "W", MSEAL_T_UNMAP);
	fd = log_open();
	refused_unmap(1);
	ck_assert_uint_eq(log_count(fd, "mseal: denied", last, sizeof(last)), 0);
	ck_assert(file_set_number(LOG_DENIED, 1));
	refused_unmap(1);
	ck_assert_uint_eq(log_count(fd, "mseal: denied", last, sizeof(last)), 1);
	snprintf(want, sizeof(want),
		 ";mseal: denied op=unmap start=%p end=%p types=0x8 ip=0x", (void *)arena,
		 (void *)(arena + page));
	ck_assert_msg(strstr(last, want), "want %s in %s", want, last);
	/* The device escapes once more, so a newline proper would be \\x0a here. */
	snprintf(want, sizeof(want), " pid=%d comm=a\"b\\x5cnc\n", getpid());
	ck_assert_msg(strstr(last, want), "want %s in %s", want, last);
	refused_unmap(1000);
	ck_assert_uint_le(log_count(fd, "mseal: denied", last, sizeof(last)), 20);
	ck_assert(file_set_number(LOG_DENIED, 0));
}

#ifdef __aarch64__
#define MREMAP		"__arm64_sys_mremap"
#else
#define MREMAP		"__x64_sys_mremap"
#endif
#define NESTED		200

/*
 * Whoever looks at the call's return may hide who has called it.  It goes through the
 * hook twice, and no more often.
 */
static void returns(int row)
{
	char *other = arena + 8 * page;
	long hits;

	(void)row;
	layout_map(arena, "w");
	layout_seal(arena, "W");
	layout_map(other, "w");
	trace_returns_of(MREMAP, NESTED);
	ck_assert_ptr_eq(mremap(other, page, 2 * page, 0), other);
	ck_assert_ptr_eq(mremap(arena, page, 2 * page, 0), MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	hits = trace_returned();
	note("two calls, %ld returns", hits);
	ck_assert_int_ge(hits, 1);
	ck_assert_int_le(hits, 4);
}

static const struct test_case cases[] = {
	ROWS(denied, trace_rows),
	ROWS(nothing_else, type_ops),
	ROWS(reported, trace_rows),
	CASE(sealed),
	CASE(logged),
	CASE(returns),
};

SUITE(trace, cases, ENTRY_USUAL);
