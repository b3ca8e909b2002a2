// SPDX-License-Identifier: GPL-2.0
/* Only documented errors leave the library, whatever the kernel says. */
#include <stdbool.h>

#include "test.h"

/* All that Linux defines for user space. */
#define LAST_ERRNO EHWPOISON

static bool refusal(int err)
{
	return err == ENOSYS || err == EPERM || err == EACCES;
}

static int expected_of_call(int err)
{
	return err == EINVAL || err == ENOMEM || err == EINTR ? err : ENOSYS;
}

/* What the header says of causes. */
static int expected_of_device(int err)
{
	switch (err) {
	case ENOENT: case EACCES: case EPERM: case EMFILE: case ENFILE:
	case ENOMEM: case EINTR: case ENODEV: case ENOTTY: case ENOSYS:
	case EOPNOTSUPP: case EBADF:
		return err;
	case ENOTDIR:
		return ENOENT;
	case EINVAL: case EFAULT: case E2BIG:
		return ENOTTY;
	default:
		return ENODEV;
	}
}

START_TEST(device_refuses_seal)
{
	/* The device itself says EPERM to what is frozen. */
	fake.seal = -_i;
	ck_refuses(_i == EPERM ? EPERM : expected_of_call(_i));
	ck_assert_int_ge(fake.seals, 1);
	fake.seal = 0;
	ck_seals();
	ck_holds_one();
}
END_TEST

START_TEST(device_does_not_open)
{
	fake.open = -_i;
	ck_refuses(expected_of_call(_i));
	ck_backend(MSEAL_BACKEND_NONE, expected_of_device(_i));
	errno = 0;
	ck_assert_int_eq(mseal_open(), -1);
	ck_assert_int_eq(errno, expected_of_device(_i));
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 0);
	fake.open = 0;
	ck_seals();
	ck_backend(MSEAL_BACKEND_DEVICE, 0);
	ck_holds_one();
}
END_TEST

/* Another driver's errors mean nothing; a filter's do. */
START_TEST(device_refuses_info)
{
	int why = refusal(_i) ? _i : ENOTTY;

	fake.info = -_i;
	ck_refuses(ENOSYS);
	ck_backend(MSEAL_BACKEND_NONE, why);
	errno = 0;
	ck_assert_int_eq(mseal_open(), -1);
	ck_assert_int_eq(errno, why);
	fake_place(7, FAKE_MSEAL);
	errno = 0;
	ck_assert_int_eq(mseal_use_fd(7), -1);
	ck_assert_int_eq(errno, why);
	ck_assert_int_eq(fake_count(FAKE_MSEAL), 1);
	ck_assert_int_eq(fake.seals, 0);
	fake.info = 0;
	ck_seals();
}
END_TEST

START_TEST(call_refuses)
{
	fake.release = "6.12.0";
	fake.native = -_i;
	fake.seal = -ENOMEM;
	if (refusal(_i)) {
		ck_refuses(ENOMEM);
		ck_assert_int_eq(fake.seals, 1);
	} else {
		ck_refuses(expected_of_call(_i));
		ck_assert_int_eq(fake.seals, 0);
		ck_assert_int_eq(fake.opens, 0);
	}
	ck_assert_int_eq(fake.natives, 1);
}
END_TEST

/* The device knows no success but 0. */
START_TEST(device_answers_oddly)
{
	fake.seal = 1;
	ck_refuses(ENOSYS);
	fake.seal = 0;
	ck_seals();
	ck_holds_one();
}
END_TEST

TCase *errors_case(void)
{
	TCase *tcase = tcase_create("errors");

	tcase_add_loop_test(tcase, device_refuses_seal, 1, LAST_ERRNO + 1);
	tcase_add_loop_test(tcase, device_does_not_open, 1, LAST_ERRNO + 1);
	tcase_add_loop_test(tcase, device_refuses_info, 1, LAST_ERRNO + 1);
	tcase_add_loop_test(tcase, call_refuses, 1, LAST_ERRNO + 1);
	tcase_add_test(tcase, device_answers_oddly);
	return tcase;
}
