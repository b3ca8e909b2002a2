/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_HUGETLB_H
#define _MSEAL_TEST_HUGETLB_H

#include <stdbool.h>
#include <stddef.h>

size_t hugetlb_size(void);
/* Can the machine give another one? */
bool hugetlb_left(void);
/* Private, writable, touched; skips the case if none are to be had. */
void hugetlb_map(char *at, size_t pages);

#endif /* _MSEAL_TEST_HUGETLB_H */
