/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_FILTER_H
#define _MSEAL_TEST_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/* What a seccomp filter is to answer to a number: a SECCOMP_RET_*. */
struct filter_rule {
	unsigned int nr;
	unsigned int verdict;
};

#define FILTER_MAX_RULES	4

/*
 * Puts the calling thread under a filter that lets every other call pass, and
 * leaves its speculation as it was.  A flag more may be SECCOMP_FILTER_FLAG_TSYNC,
 * or that for a listener, whose descriptor is returned.
 */
int filter_install(const struct filter_rule *rules, size_t nr, unsigned long flag);
void filter_allow_all(void);

/* Does number 462 work in a process under a filter that allows it? */
bool filter_makes_served(void);

#endif /* _MSEAL_TEST_FILTER_H */
