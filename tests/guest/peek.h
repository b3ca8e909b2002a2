/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_PEEK_H
#define _MSEAL_TEST_PEEK_H

#include <stdbool.h>

/*
 * Ends the case as skipped where even there protections count, as is for a kernel
 * to decide since 6.12.
 */
void need_peek(void);

/*
 * A byte of this process, whatever access its page has: by /proc/self/mem, which
 * seals don't concern.  -1: there is nothing to be read.
 */
int peek(const char *at);
bool poke(char *at, char byte);

#endif /* _MSEAL_TEST_PEEK_H */
