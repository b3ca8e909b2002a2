/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_OVERTAKEN_H
#define _MSEAL_LOAD_OVERTAKEN_H

#include <stdatomic.h>
#include <stdbool.h>

/* Of each process, once it has its seal. */
#define OVERTAKEN_AFTER	3

/*
 * Calls on the first page of the arena, which is read only, while their process gets
 * its first seal.  That takes long, so that one of them waits for its lock.
 */
struct overtaken {
	int (*call)(int advice);	/* 0 or -errno */
	int advice;
	bool fails;		/* there is no memory for any of the calls */
	int met;		/* the answer of a call that the seal overtook */
	int after;		/* and of those that come later */
};

/* Shared by the processes. */
struct overtaken_tally {
	atomic_long before, met, after;
};

struct overtaken_tally *overtaken_tally(void);

int overtaken_madvise(int advice);

/* Until a call was overtaken, in so many processes at most; returns in how many. */
int overtaken_run(const struct overtaken *calls, struct overtaken_tally *tally,
		  int attempts);

#endif /* _MSEAL_LOAD_OVERTAKEN_H */
