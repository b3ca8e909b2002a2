// SPDX-License-Identifier: GPL-2.0
/* mseal_query(): who is asked, in pieces, and which errors come out. */
#include <stdint.h>
#include <string.h>

#include "test.h"

#define LAST_ERRNO EHWPOISON
#define MANY	100
#define PIDFD	9

static struct mseal_record sealed[MANY];
static struct mseal_seal seals[MANY + 1];

/* Pages with holes between them. */
static void seal_many(unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		sealed[i] = (struct mseal_record){
			.start = (2 * i + 1) * PAGE,
			.end = (2 * i + 2) * PAGE,
			.types = MSEAL_T_PROTECT,
			.reported = i % 2 ? MSEAL_T_UNMAP : 0,
		};
	fake.sealed = sealed;
	fake.nr_sealed = nr;
	fake_place(PIDFD, FAKE_PIDFD);
}

static void expect(int pidfd, uintptr_t addr, size_t n, long want)
{
	memset(seals, 0x55, sizeof(seals));
	errno = ERANGE;
	ck_assert_int_eq(mseal_query(pidfd, (void *)addr, seals, n), want);
	ck_assert_int_eq(errno, ERANGE);
	ck_assert_uint_eq(seals[want].types, 0x5555555555555555);
}

static void expect_seal(size_t i, size_t record)
{
	ck_assert_uint_eq((uintptr_t)seals[i].addr, sealed[record].start);
	ck_assert_uint_eq(seals[i].len, sealed[record].end - sealed[record].start);
	ck_assert_uint_eq(seals[i].types, sealed[record].types);
	ck_assert_uint_eq(seals[i].reported, sealed[record].reported);
}

static void refuse(int pidfd, int want)
{
	errno = 0;
	ck_assert_int_eq(mseal_query(pidfd, NULL, seals, MANY), -1);
	ck_assert_int_eq(errno, want);
}

static const struct room {
	unsigned int nr, n;
} rooms[] = {
	{ 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 }, { 3, 2 }, { 3, 4 }, { 31, 32 },
	{ 32, 32 }, { 33, 32 }, { 33, 33 }, { 64, 64 }, { 64, 65 }, { 65, 64 },
	{ MANY, 96 }, { MANY, MANY }, { MANY, MANY + 1 },
};

START_TEST(device_in_pieces)
{
	const struct room *room = &rooms[_i];
	unsigned int want = room->nr < room->n ? room->nr : room->n;

	seal_many(room->nr);
	expect(MSEAL_SELF, 0, room->n, (long)want);
	for (unsigned int i = 0; i < want; i++)
		expect_seal(i, i);
	ck_assert_int_ge(fake.queries, 1);
	ck_holds_one();
}
END_TEST

START_TEST(device_is_told)
{
	seal_many(2);
	expect(PIDFD, PAGE + 5, 3, 2);
	ck_assert_uint_eq((uintptr_t)seals[0].addr, PAGE + 5);
	ck_assert_uint_eq(seals[0].len, PAGE - 5);
	expect_seal(1, 1);
	ck_assert_uint_eq(fake_query.size, sizeof(fake_query));
	ck_assert_int_eq(fake_query.pidfd, PIDFD);
	ck_assert_uint_eq(fake_query.addr, PAGE + 5);
	ck_assert_uint_eq(fake_query.reserved, 0);
	expect(MSEAL_SELF, 0, 3, 2);
	ck_assert_int_eq(fake_query.pidfd, MSEAL_QUERY_SELF);
	expect(MSEAL_SELF, 4 * PAGE, 3, 0);
	expect(MSEAL_SELF, UINTPTR_MAX, 3, 0);
	ck_assert_int_eq(fake.seals, 0);
	ck_assert_int_eq(fake.natives, 0);
}
END_TEST

/* A piece may end where the next one goes on with the same seal. */
START_TEST(pieces_join)
{
	seal_many(3);
	sealed[1].start = sealed[0].end;
	sealed[1].reported = sealed[0].reported;
	expect(MSEAL_SELF, 0, 3, 2);
	ck_assert_uint_eq(seals[0].len, sealed[1].end - sealed[0].start);
	expect_seal(1, 2);
	sealed[1].types |= MSEAL_T_UNMAP;
	expect(MSEAL_SELF, 0, 3, 3);
	sealed[1].types = sealed[0].types;
	sealed[1].reported = MSEAL_T_UNMAP;
	expect(MSEAL_SELF, 0, 3, 3);
}
END_TEST

static int expected(int err)
{
	switch (err) {
	case EBADF: case ESRCH: case EACCES: case EOPNOTSUPP: case EOVERFLOW:
	case EINTR: case ENOMEM:
		return err;
	default:
		return ENOSYS;
	}
}

START_TEST(device_refuses)
{
	seal_many(1);
	fake.query = -_i;
	refuse(PIDFD, expected(_i));
	ck_assert_int_ge(fake.queries, 1);
	fake.query = 0;
	expect(PIDFD, 0, 2, 1);
	ck_holds_one();
}
END_TEST

/* Errors on the way to the device say nothing about the process. */
START_TEST(device_does_not_open)
{
	seal_many(1);
	fake.open = -_i;
	refuse(PIDFD, ENOSYS);
	fake.open = 0;
	expect(PIDFD, 0, 2, 1);
}
END_TEST

START_TEST(filter_refuses_all)
{
	seal_many(1);
	fake.info = -_i;
	fake.query = -_i;
	refuse(PIDFD, ENOSYS);
}
END_TEST

/* No new seals, or hooks that fail: what is sealed is still told. */
START_TEST(device_that_seals_no_more)
{
	seal_many(1);
	fake.report.state = 0;
	fake.seal = -ENOSYS;
	ck_backend(MSEAL_BACKEND_NONE, ENODEV);
	expect(MSEAL_SELF, 0, 2, 1);
}
END_TEST

/* What would seal is what is asked. */
START_TEST(call_is_filtered)
{
	seal_many(1);
	fake.release = "6.12.0";
	fake.native = -EPERM;
	expect(MSEAL_SELF, 0, 2, 1);
	ck_assert_int_eq(fake.queries, 1);
	fake.native = 0;
	fake.smaps = "1000-2000 rw-p 00000000 00:00 0\nVmFlags: rd wr\n";
	expect(MSEAL_SELF, 0, 2, 0);
	ck_assert_int_eq(fake.queries, 1);
}
END_TEST

TCase *query_case(void)
{
	TCase *tcase = tcase_create("query");

	tcase_add_loop_test(tcase, device_in_pieces, 0,
			    sizeof(rooms) / sizeof(rooms[0]));
	tcase_add_test(tcase, device_is_told);
	tcase_add_test(tcase, pieces_join);
	tcase_add_loop_test(tcase, device_refuses, 1, LAST_ERRNO + 1);
	tcase_add_loop_test(tcase, device_does_not_open, 1, LAST_ERRNO + 1);
	tcase_add_loop_test(tcase, filter_refuses_all, 1, LAST_ERRNO + 1);
	tcase_add_test(tcase, device_that_seals_no_more);
	tcase_add_test(tcase, call_is_filtered);
	return tcase;
}
