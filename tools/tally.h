/* SPDX-License-Identifier: GPL-2.0 */
/* Events, summed by who did what to which object. */
#ifndef MSEAL_TOOL_TALLY_H
#define MSEAL_TOOL_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "trace.h"

struct tally_line {
	char comm[17];
	const char *op;
	enum trace_kind kind;
	char *object;		/* what is mapped there */
	uint64_t count;
};

struct tally {
	struct tally_line *lines;
	size_t nr;
	uint64_t others;	/* events beyond the lines that there may be */
};

void tally_add(struct tally *tally, const struct trace_event *event,
	       const char *object);

/* The most frequent ones first. */
void tally_sort(struct tally *tally);
void tally_free(struct tally *tally);

#endif /* MSEAL_TOOL_TALLY_H */
