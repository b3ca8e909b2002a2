/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_STORM_H
#define _MSEAL_TEST_STORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random_model.h"
#include "uring.h"

/*
 * Calls at random on MODEL_PAGES pages, some of which are sealed.  They never
 * touch memory from user space, so it doesn't matter what becomes of it.
 */

/* One thread's means. */
struct stormer {
	uint64_t random;
	char *base;
	char *breaks;	/* where the program break may be from here on */
	int file;	/* a memfd, cut and grown now and then */
	int segment;	/* System V shared memory */
	int watch;	/* a userfaultfd, or -1 */
	int self;	/* a pidfd, or -1 */
	int key;	/* a protection key, or -1 */
	struct uring ring;
};

/* One call: what it was about, and what came of it. */
struct strike {
	unsigned int call;
	struct range {
		char *at;
		size_t pages;
	} from, to;
	/* Were it done where something is sealed, the seal would be broken. */
	bool spoils;
	long ret;	/* 0 or -errno */
};

struct storm_call {
	const char *name;
	long (*run)(struct stormer *stormer, struct strike *strike);
	unsigned int weight;
	bool hooked;	/* meets one of the module's hooks */
	bool refused;	/* is refused sooner or later, and says so */
};

#define NR_STORM_CALLS	18
extern const struct storm_call storm_calls[NR_STORM_CALLS];

void stormer_open(struct stormer *stormer, char *base, char *breaks, int segment,
		  uint64_t seed);
void storm_strike(struct stormer *stormer, struct strike *strike);

#endif /* _MSEAL_TEST_STORM_H */
