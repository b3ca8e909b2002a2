/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_LIB_TEST_H
#define TESTS_LIB_TEST_H

#include <check.h>
#include <errno.h>
#include <stddef.h>

#include "fake.h"
#include "mseal.h"

#define PAGE	4096UL
#define ADDR	((void *)(16 * PAGE))

/* Seals and expects success with errno untouched, through one system call or device. */
#define ck_seals() do {							\
	errno = ERANGE;							\
	ck_assert_int_eq(mseal(ADDR, PAGE, 0), 0);			\
	ck_assert_int_eq(errno, ERANGE);				\
} while (0)

#define ck_refuses(err) do {						\
	errno = 0;							\
	ck_assert_int_eq(mseal(ADDR, PAGE, 0), -1);			\
	ck_assert_int_eq(errno, err);					\
} while (0)

#define ck_backend(backend, cause) do {					\
	int why_ = -1;							\
	errno = ERANGE;							\
	ck_assert_int_eq(mseal_backend(&why_), backend);		\
	ck_assert_int_eq(why_, cause);					\
	ck_assert_int_eq(errno, ERANGE);				\
} while (0)

/* The one descriptor that the library may hold; nothing else was asked or closed. */
#define ck_holds_one() do {						\
	ck_assert_int_eq(fake_count(fake.device), 1);			\
	ck_assert_int_eq(fake_count(FAKE_PLAIN), 3);			\
	ck_assert_int_eq(fake.foreign, 0);				\
} while (0)

TCase *backend_case(void);
TCase *errors_case(void);
TCase *device_case(void);
TCase *interrupt_case(void);
TCase *threads_case(void);
TCase *types_case(void);
TCase *query_case(void);
TCase *smaps_case(void);

#endif /* TESTS_LIB_TEST_H */
