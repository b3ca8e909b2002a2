/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_FAULT_LOAD_H
#define _MSEAL_LOAD_FAULT_LOAD_H

#include "image.h"

#define PLACE_LEN	128

/* Where an allocation has failed; both empty if none of the module's text is there. */
struct fault_place {
	char function[PLACE_LEN];	/* the module's innermost */
	char callee[PLACE_LEN];		/* what that had called */
};

/* Loads keep to one processor: by what each has in stock their counts differ. */
void fault_load_here(void);

/* A load whose nth allocation fails.  Returns as fault_end() does. */
unsigned int fault_load(const struct image *image, const char *parameters,
			unsigned int nth, int *err);

/* How many allocations a load makes that ends so, none of which fails. */
unsigned int fault_load_count(const struct image *image, const char *parameters,
			      int want);

/*
 * The same as fault_load(), and tells where it has failed; fails the case unless a
 * load that is refused is for lack of memory.
 */
unsigned int fault_load_at(const struct image *image, unsigned int nth,
			   struct fault_place *place, int *err);

#endif /* _MSEAL_LOAD_FAULT_LOAD_H */
