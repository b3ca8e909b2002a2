// SPDX-License-Identifier: GPL-2.0
/* Types of seals: which the system call gives, and what reaches the device. */
#define MSEAL_WANT_MIMMUTABLE
#include "test.h"

#include "mseal_rfc1.h"

#define NATIVE	MSEAL_T_NATIVE

static void expect(uint64_t types, unsigned int flags, int want)
{
	errno = ERANGE;
	ck_assert_int_eq(mseal_types(ADDR, PAGE, types, flags), want ? -1 : 0);
	ck_assert_int_eq(errno, want ? want : ERANGE);
}

static const struct row {
	uint64_t types;
	int alone, or_stricter;		/* errno where the kernel has the call */
} rows[] = {
	{ NATIVE, 0, 0 },
	{ NATIVE | MSEAL_T_UPGRADE, 0, 0 },
	{ NATIVE | MSEAL_T_OVER | MSEAL_T_UPGRADE, 0, 0 },
	{ NATIVE | MSEAL_T_FREEZE, EOPNOTSUPP, EOPNOTSUPP },
	{ NATIVE | MSEAL_T_DISCARD_ALL, EOPNOTSUPP, EOPNOTSUPP },
	{ NATIVE | MSEAL_T_KILL, EOPNOTSUPP, EOPNOTSUPP },
	{ NATIVE | MSEAL_T_REPORT, EOPNOTSUPP, EOPNOTSUPP },
	{ NATIVE | 1ULL << 63, EOPNOTSUPP, EOPNOTSUPP },
	{ NATIVE & ~MSEAL_T_DISCARD, EOPNOTSUPP, 0 },
	{ MSEAL_T_PROTECT, EOPNOTSUPP, 0 },
	{ MSEAL_T_UPGRADE, EOPNOTSUPP, 0 },
	{ MSEAL_T_OVER | MSEAL_T_REMAP, EOPNOTSUPP, 0 },
	{ MSEAL_T_FREEZE, EOPNOTSUPP, EOPNOTSUPP },
	{ MSEAL_T_REPORT, EINVAL, EINVAL },
	{ 0, EINVAL, EINVAL },
};

START_TEST(native_gives)
{
	const struct row *row = &rows[_i];

	fake.release = "6.12.0";
	fake.native = 0;
	expect(row->types, 0, row->alone);
	ck_assert_int_eq(fake.natives, !row->alone);
	expect(row->types, MSEAL_OR_STRICTER, row->or_stricter);
	ck_assert_int_eq(fake.natives, !row->alone + !row->or_stricter);
	ck_assert_int_eq(fake.opens, 0);
	expect(row->types, 2, EINVAL);
	expect(row->types, MSEAL_OR_STRICTER | 1U << 31, EINVAL);
}
END_TEST

START_TEST(device_gets_the_types)
{
	const struct row *row = &rows[_i];

	if (row->alone == EINVAL) {
		expect(row->types, 0, EINVAL);
		ck_assert_int_eq(fake.opens, 0);
		return;
	}
	expect(row->types, 0, 0);
	ck_assert_uint_eq(fake_range.types, row->types);
	ck_assert_uint_eq(fake_range.addr, (uintptr_t)ADDR);
	ck_assert_uint_eq(fake_range.len, PAGE);
	expect(row->types, MSEAL_OR_STRICTER, 0);
	ck_assert_uint_eq(fake_range.types, row->types);
	ck_assert_uint_eq(fake_range.flags, 0);
	ck_assert_int_eq(fake.seals, 2);
	expect(row->types, 2, EINVAL);
	ck_assert_int_eq(fake.seals, 2);
}
END_TEST

/* A module older than the types may still have what is stricter. */
START_TEST(device_without_the_types)
{
	fake.seal = -EOPNOTSUPP;
	expect(MSEAL_T_PROTECT, 0, EOPNOTSUPP);
	ck_assert_int_eq(fake.seals, 1);
	expect(MSEAL_T_PROTECT, MSEAL_OR_STRICTER, EOPNOTSUPP);
	ck_assert_int_eq(fake.seals, 3);
	ck_assert_uint_eq(fake_range.types, NATIVE);
	expect(MSEAL_T_FREEZE, MSEAL_OR_STRICTER, EOPNOTSUPP);
	ck_assert_int_eq(fake.seals, 4);
	ck_assert_uint_eq(fake_range.types, MSEAL_T_FREEZE);
}
END_TEST

/* What is frozen is told apart from a filter, which refuses INFO as well. */
START_TEST(frozen_or_filtered)
{
	fake.seal = -EPERM;
	expect(MSEAL_T_PROTECT, 0, EPERM);
	ck_refuses(EPERM);
	fake.info = -EPERM;
	expect(MSEAL_T_PROTECT, 0, ENOSYS);
	ck_refuses(ENOSYS);
}
END_TEST

START_TEST(no_way)
{
	fake.open = -ENOENT;
	expect(MSEAL_T_PROTECT, 0, ENOSYS);
	fake.release = "6.12.0";
	expect(MSEAL_T_PROTECT, MSEAL_OR_STRICTER, ENOSYS);
	expect(MSEAL_T_PROTECT, 0, EOPNOTSUPP);
}
END_TEST

START_TEST(rounds_as_openbsd)
{
	static const struct {
		uintptr_t addr;
		size_t len;
		uintptr_t start;
		size_t bytes;
	} ranges[] = {
		{ 0x10000, 0x1000, 0x10000, 0x1000 },
		{ 0x10001, 0x1000, 0x10000, 0x1001 },
		{ 0x10fff, 1, 0x10000, 0x1000 },
		{ 0x10fff, 0, 0x10000, 0 },
		{ 0x10fff, SIZE_MAX, 0x10000, SIZE_MAX },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		errno = ERANGE;
		ck_assert_int_eq(mimmutable((void *)ranges[i].addr, ranges[i].len), 0);
		ck_assert_int_eq(errno, ERANGE);
		ck_assert_uint_eq(fake_range.addr, ranges[i].start);
		ck_assert_uint_eq(fake_range.len, ranges[i].bytes);
		ck_assert_uint_eq(fake_range.types, NATIVE);
	}
	fake.seal = -ENOMEM;
	ck_assert_int_eq(mimmutable(ADDR, PAGE), -1);
	ck_assert_int_eq(errno, ENOMEM);
}
END_TEST

START_TEST(first_proposal)
{
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(0), 0);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(MM_SEAL_MSEAL), MSEAL_T_FREEZE);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(MM_SEAL_MPROTECT), MSEAL_T_PROTECT);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(MM_SEAL_MUNMAP | MM_SEAL_MMAP),
			  MSEAL_T_UNMAP | MSEAL_T_OVER);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(0x10), MSEAL_T_REMAP);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(0x20), 1ULL << 63);
	ck_assert_uint_eq(MSEAL_RFC1_TYPES(1ULL << 40), 1ULL << 63);
}
END_TEST

TCase *types_case(void)
{
	TCase *tcase = tcase_create("types");
	int nr_rows = sizeof(rows) / sizeof(rows[0]);

	tcase_add_loop_test(tcase, native_gives, 0, nr_rows);
	tcase_add_loop_test(tcase, device_gets_the_types, 0, nr_rows);
	tcase_add_test(tcase, device_without_the_types);
	tcase_add_test(tcase, frozen_or_filtered);
	tcase_add_test(tcase, no_way);
	tcase_add_test(tcase, rounds_as_openbsd);
	tcase_add_test(tcase, first_proposal);
	return tcase;
}
