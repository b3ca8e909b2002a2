/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_MODEL_H
#define _UNIT_MODEL_H

#include "inside.h"

/*
 * What a set of sealed ranges means, without any cleverness: a row of cells,
 * each with its types.  Cell i stands for unit bytes from base + i * unit on.
 */
#define MODEL_CELLS	64

struct model {
	u64 types[MODEL_CELLS];
};

/* Cells first to last, both included. */
struct cells {
	unsigned int first, last;
};

/* Types for each bit below MODEL_TYPES: few, so that neighbours are often alike. */
#define MODEL_TYPES	4
u64 model_types(unsigned int bits);

bool model_hit(const struct model *model, struct cells at, u64 types);
int model_ask(const struct model *model, struct cells at, u64 types);
u64 model_union(const struct model *model, struct cells at);
bool model_lacks(const struct model *model, struct cells at, u64 having, u64 types);
bool model_covers(const struct model *model, struct cells at, u64 types);
void model_add(struct model *model, struct cells at, u64 types);
void model_cut(struct model *model, struct cells at);

/* Neighbours of equal types as one range each; returns their number. */
unsigned int model_ranges(const struct model *model, unsigned long base,
			  unsigned long unit, struct range *ranges);

#endif /* _UNIT_MODEL_H */
