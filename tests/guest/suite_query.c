// SPDX-License-Identifier: GPL-2.0
/* What is sealed, as MSEAL_IOC_QUERY tells it. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "sealer.h"
#include "target.h"
#include "type_ops.h"

_Static_assert(sizeof(struct mseal_query) == 32, "mseal_query is an ABI");
_Static_assert(sizeof(struct mseal_record) == 32, "mseal_record is an ABI");

#define RW	(PROT_READ | PROT_WRITE)
#define MANY	50000L

static void expect_record(const struct mseal_record *record, size_t first, size_t end,
			  __u64 types)
{
	ck_assert_uint_eq(record->start, (unsigned long)arena + first * page);
	ck_assert_uint_eq(record->end, (unsigned long)arena + end * page);
	ck_assert_uint_eq(record->types, types);
}

static void some(void)
{
	types_given(arena, "wWWwwRRww", MSEAL_T_OVER);
	ck_assert_int_eq(device_seal(arena + 2 * page, 2 * page, MSEAL_T_PROTECT), 0);
}

static void ranges(int row)
{
	struct mseal_record records[8];

	(void)row;
	ck_assert_uint_eq(device_query(NULL, records, 8), 0);
	some();
	ck_assert_uint_eq(device_query(NULL, records, 8), 4);
	expect_record(&records[0], 1, 2, MSEAL_T_OVER);
	expect_record(&records[1], 2, 3, MSEAL_T_OVER | MSEAL_T_PROTECT);
	expect_record(&records[2], 3, 4, MSEAL_T_PROTECT);
	expect_record(&records[3], 5, 7, MSEAL_T_OVER);
}

static void room(int row)
{
	struct mseal_record records[4];

	(void)row;
	some();
	memset(records, 0x55, sizeof(records));
	ck_assert_uint_eq(device_query(NULL, records, 2), 2);
	expect_record(&records[1], 2, 3, MSEAL_T_OVER | MSEAL_T_PROTECT);
	ck_assert_uint_eq(records[2].start, 0x5555555555555555);
	ck_assert_uint_eq(device_query((char *)records[1].end, records, 4), 2);
	expect_record(&records[0], 3, 4, MSEAL_T_PROTECT);
	ck_assert_uint_eq(device_query(NULL, NULL, 0), 0);
}

/* A range that began before is cut off, down to the byte. */
static void from_within(int row)
{
	struct mseal_record record;

	(void)row;
	some();
	ck_assert_uint_eq(device_query(arena + 6 * page, &record, 1), 1);
	expect_record(&record, 6, 7, MSEAL_T_OVER);
	ck_assert_uint_eq(device_query(arena + 6 * page + 5, &record, 1), 1);
	ck_assert_uint_eq(record.start, (unsigned long)arena + 6 * page + 5);
	ck_assert_uint_eq(device_query(arena + 7 * page, &record, 1), 0);
	ck_assert_uint_eq(device_query((char *)-1UL, &record, 1), 0);
}

static void unmapped(int row)
{
	struct mseal_record records[4];

	(void)row;
	types_given(arena, "WWW", MSEAL_T_PROTECT);
	ck_assert_int_eq(munmap(arena + page, page), 0);
	ck_assert_uint_eq(device_query(NULL, records, 4), 2);
	expect_record(&records[0], 0, 1, MSEAL_T_PROTECT);
	expect_record(&records[1], 2, 3, MSEAL_T_PROTECT);
	ck_assert_int_eq(munmap(arena, 3 * page), 0);
	ck_assert_uint_eq(device_query(NULL, records, 4), 0);
}

static void of_a_child(void *arg)
{
	struct mseal_record records[4];

	(void)arg;
	ck_assert_uint_eq(device_query(NULL, records, 4), 1);
	expect_record(&records[0], 0, 1, MSEAL_T_PROTECT);
	ck_assert_int_eq(munmap(arena, page), 0);
	ck_assert_uint_eq(device_query(NULL, records, 4), 0);
}

static void inherited(int row)
{
	struct mseal_record record;

	(void)row;
	types_given(arena, "W", MSEAL_T_PROTECT);
	in_child(of_a_child, NULL);
	ck_assert_uint_eq(device_query(NULL, &record, 1), 1);
}

static const struct error_row {
	const char *name;
	struct mseal_query add;		/* added to each field */
	int want;
} error_rows[] = {
	{ "in order", {}, 0 },
	{ "reserved", { .reserved = 1 }, EINVAL },
	{ "no process", { .pidfd = 1 }, EBADF },
	{ "too short", { .size = -1 }, EINVAL },
	{ "too long", { .size = 4096 }, E2BIG },
	{ "no room, but asked for", { .records = -4096 }, EFAULT },
};

static void errors(int row)
{
	const struct error_row *e = &error_rows[row];
	struct mseal_query q;

	some();
	layout_map(arena + 64 * page, "w");
	q = (struct mseal_query){
		.size = sizeof(q),
		.pidfd = MSEAL_QUERY_SELF,
		.records = (unsigned long)arena + 64 * page,
		.nr = 4,
	};
	q.reserved += e->add.reserved;
	q.pidfd += e->add.pidfd;
	q.size += e->add.size;
	q.records += e->add.records;
	device_expect(sealer_fd(), MSEAL_IOC_QUERY, &q, e->want);
}

struct crowd {
	char *at;
	long nr;
	int pidfd;
	struct mseal_record *records;
};

#define ROOM	1000

/* Seals in between, so that every gap comes and goes. */
static void *seal_gaps(void *arg)
{
	const struct crowd *crowd = arg;
	long i;

	for (i = 1; i < 2 * crowd->nr; i += 2)
		if (device_seal(crowd->at + i * page, page, MSEAL_T_OVER))
			return (void *)i;
	return NULL;
}

/* Every page that was sealed before is told, in order and once. */
static void expect_all(const struct crowd *crowd)
{
	struct mseal_record *records = crowd->records;
	long nr, i;
	char *at = crowd->at, *end = at + 2 * crowd->nr * page;
	long seen = 0;

	do {
		nr = target_query(crowd->pidfd, at, records, ROOM);
		ck_assert_int_ge(nr, 0);
		for (i = 0; i < nr; i++) {
			ck_assert_uint_ge(records[i].start, (unsigned long)at);
			ck_assert_uint_gt(records[i].end, records[i].start);
			at = (char *)records[i].end;
			seen += records[i].types & MSEAL_T_PROTECT ? 1 : 0;
		}
	} while (nr == ROOM);
	ck_assert(at <= end);
	ck_assert_int_eq(seen, crowd->nr);
}

static void expect_often(void *crowd)
{
	int i;

	for (i = 0; i < 20; i++)
		expect_all(crowd);
}

/* What a child has inherited it gives up first, so it is no answer. */
static void expect_often_of_parent(void *arg)
{
	struct crowd *crowd = arg;
	struct mseal_record record;

	ck_assert_int_eq(munmap(crowd->at, 2 * crowd->nr * page), 0);
	ck_assert_uint_eq(device_query(NULL, &record, 1), 0);
	expect_often(crowd);
}

static void from_inside(struct crowd *crowd)
{
	expect_often(crowd);
}

static void from_outside(struct crowd *crowd)
{
	crowd->pidfd = target_open(getpid());
	in_child(expect_often_of_parent, crowd);
}

static const struct side_row {
	const char *name;
	void (*ask)(struct crowd *crowd);
} side_rows[] = {
	{ "from inside", from_inside },
	{ "from outside", from_outside },
};

static void while_others_seal(int row)
{
	struct crowd crowd = {
		.at = arena,
		.nr = scaled(MANY) / 2 + 1,
		.pidfd = MSEAL_QUERY_SELF,
		.records = calloc(ROOM, sizeof(struct mseal_record)),
	};
	pthread_t thread;
	void *failed;
	long i;

	ck_assert_ptr_nonnull(crowd.records);
	ck_assert_ptr_eq(mmap(arena, 2 * crowd.nr * page, RW, MAP_FIXED | MAP_PRIVATE |
			      MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), arena);
	for (i = 0; i < 2 * crowd.nr; i += 2)
		ck_assert_int_eq(device_seal(arena + i * page, page,
					     MSEAL_T_PROTECT), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, seal_gaps, &crowd), 0);
	side_rows[row].ask(&crowd);
	ck_assert_int_eq(pthread_join(thread, &failed), 0);
	ck_assert_ptr_null(failed);
	expect_all(&crowd);
	ck_assert_uint_eq(device_query(NULL, crowd.records, ROOM),
			  2 * crowd.nr < ROOM ? 2 * crowd.nr : ROOM);
}

static const struct test_case cases[] = {
	CASE(ranges),
	CASE(room),
	CASE(from_within),
	CASE(unmapped),
	CASE(inherited),
	ROWS(errors, error_rows),
	LONG_ROWS(while_others_seal, side_rows, 300),
};

SUITE(query, cases, ENTRY_USUAL);
