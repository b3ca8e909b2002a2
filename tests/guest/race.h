/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RACE_H
#define _MSEAL_TEST_RACE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Threads attack a page while another seals it, again and again on fresh pages.
 * No attack that began after the seal returned may succeed, nor one that was
 * under way change anything any more.
 */
struct race_attack {
	const char *name;
	/*
	 * 0: done, and the page is there again; else -errno.  Nothing but EPERM
	 * may come out once the page is sealed.
	 */
	int (*attempt)(char *at, unsigned int turn);
};

struct race {
	const struct race_attack *attacks;
	size_t nr_attacks;
	long seals;
	long least;	/* successes before and refusals after, in rounds, for each */
	/* Maps the page, in the state in which the attacks expect it. */
	void (*prepare)(char *at);
	/* Called when the seal has returned, and then again and again. */
	int (*mark)(char *at);
	bool (*unchanged)(char *at, int mark);
};

void race_run(const struct race *race);

#endif /* _MSEAL_TEST_RACE_H */
