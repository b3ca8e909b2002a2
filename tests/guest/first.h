/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_FIRST_H
#define _MSEAL_TEST_FIRST_H

#include <stdbool.h>

/*
 * A thread gives advice on a read-only page again and again while another makes
 * the first seal of their process, there.  In process after process.
 */
struct first {
	const char *name;
	/* In each process, before the threads; may be NULL. */
	void (*begin)(void);
	/* The answer, 0 or -errno. */
	long (*advise)(const struct first *first, char *at);
	int advice;
	bool discards;
	/* A call under way may be told ENOMEM though nothing is amiss. */
	bool vague;
};

void first_run(const struct first *first, long processes);

#endif /* _MSEAL_TEST_FIRST_H */
