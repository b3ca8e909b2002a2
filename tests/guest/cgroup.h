/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_CGROUP_H
#define _MSEAL_TEST_CGROUP_H

#include <stdbool.h>

/*
 * A memory cgroup with a limit in bytes, in a mount of our own that ends with the
 * case.  Skips the case where there is none to be had.
 */
void cgroup_make(long limit);
void cgroup_remove(void);

/* The group's file of this name; good until the next call. */
const char *cgroup_file(const char *name);

/* The calling process joins, with what it allocates from now on. */
bool cgroup_join(void);

/* How many processes the kernel has killed to keep to the limit. */
long cgroup_kills(void);

#endif /* _MSEAL_TEST_CGROUP_H */
