/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_CELLS_H
#define _UNIT_CELLS_H

#include "family.h"

/*
 * Sets written as text: a character per cell, its types as a hexadecimal digit,
 * a dot where nothing is sealed.  "11.3" is two ranges.
 */

#define PAGE	4096ul

/* Where in memory the first cell lies: lowest, usual, and as high as can be. */
extern const struct place {
	unsigned long base, unit;
} places[];
extern const int nr_places;

/* Each run of the text, from left to right, with its types. */
struct run {
	struct cells at;
	u64 types;
};

/* The run at or after *pos, and *pos behind it; false if there is none. */
bool next_run(const char *text, unsigned int *pos, struct run *run);

/* A family whose member 0 has these cells. */
void given(struct family *family, const struct place *place, const char *text);

/* Cells beyond the text's end are empty. */
void ck_cells(const struct family *family, unsigned int who, const char *text);

#endif /* _UNIT_CELLS_H */
