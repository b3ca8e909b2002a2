/* SPDX-License-Identifier: GPL-2.0 */
/* What mseal check tries. */
#ifndef MSEAL_TOOL_CHECK_H
#define MSEAL_TOOL_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Pages with nothing that could merge with them on either side. */
struct place {
	char *start;
	size_t size;		/* PLACE_PAGES pages */
};

#define PLACE_PAGES	4

/* A call that has no way to say so has left everything as it was. */
#define KEPT		(-1)

struct attempt {
	const char *name;
	/* Makes the memory that is to be sealed, readable and beginning with 'x'. */
	bool (*make)(struct place *place);
	/* Returns 0 if it was done, a positive errno, or KEPT. */
	int (*run)(const struct place *place);
};

extern const struct attempt attempts[];
extern const size_t nr_attempts;

#endif /* MSEAL_TOOL_CHECK_H */
