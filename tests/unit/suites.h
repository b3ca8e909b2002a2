/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_SUITES_H
#define _UNIT_SUITES_H

#include <check.h>

Suite *add_suite(void);
Suite *share_suite(void);
Suite *memory_suite(void);
Suite *small_suite(void);
Suite *random_suite(void);

/* The set's caches exist during each case, and nothing may be left afterwards. */
TCase *sealset_tcase(const char *name);

#endif /* _UNIT_SUITES_H */
