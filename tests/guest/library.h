/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_LIBRARY_H
#define _MSEAL_TEST_LIBRARY_H

#include <stddef.h>

/* libmseal seals, refuses as it should, and says so; or there is no way to. */
void library_expect_way(void);
void library_expect_no_way(int cause);
void library_expect_backend(int backend, int cause);
/* With errno exact, also after success, when it must be left alone. */
void library_expect_mseal(char *at, size_t len, unsigned long flags, int want);

/* From now on this system call fails so, or kills if error is 0. */
void filter_call(int nr, int error);

#endif /* _MSEAL_TEST_LIBRARY_H */
