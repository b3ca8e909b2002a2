/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_UFFD_H
#define _MSEAL_TEST_UFFD_H

#include <linux/userfaultfd.h>

/* Each ends the case as skipped where it can't be had. */
int uffd_open(unsigned long long features);
/* One page, of which nothing or much may be there. */
void uffd_watch(int fd, char *at, unsigned long long mode);

#endif /* _MSEAL_TEST_UFFD_H */
