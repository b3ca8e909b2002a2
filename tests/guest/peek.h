/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_PEEK_H
#define _MSEAL_TEST_PEEK_H

#include <stdbool.h>

/*
 * A byte of this process, whatever access its page has: by /proc/self/mem, which
 * seals don't concern.  -1: there is nothing to be read.
 */
int peek(const char *at);
bool poke(char *at, char byte);

#endif /* _MSEAL_TEST_PEEK_H */
