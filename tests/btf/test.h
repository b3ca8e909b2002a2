/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_BTF_TEST_H
#define TESTS_BTF_TEST_H

#include <check.h>
#include <errno.h>

#include "blob.h"
#include "prototype.h"

/* Looks "f" up; returns what opening or looking up said. */
int look_up_f(const uint8_t *data, size_t size, struct mseal_prototype *f);

TCase *text_case(void);
TCase *records_case(void);
TCase *lookup_case(void);
TCase *damage_case(void);
TCase *host_case(void);

#endif /* TESTS_BTF_TEST_H */
