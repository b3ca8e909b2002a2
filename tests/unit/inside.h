/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_INSIDE_H
#define _UNIT_INSIDE_H

#include "sealset.h"

struct range {
	unsigned long start;
	unsigned long last;
	u64 types;
};

/* The ranges of a set, ascending, as many as there is room for; how many there are. */
unsigned int sealset_ranges(const struct sealset *set, struct range *ranges,
			    unsigned int room);

/* What is wrong inside the set, or NULL. */
const char *sealset_flaw(const struct sealset *set);

unsigned int sealset_refs(const struct sealset *set);

#endif /* _UNIT_INSIDE_H */
