/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_SETTLE_H
#define _MSEAL_TEST_SETTLE_H

#include <stdbool.h>

/*
 * The module frees what an ended process had a moment later.  Asks again and
 * again for a while, and returns the last answer.
 */
bool settles(bool (*now)(void *arg), void *arg);

#endif /* _MSEAL_TEST_SETTLE_H */
