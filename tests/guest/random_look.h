/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RANDOM_LOOK_H
#define _MSEAL_TEST_RANDOM_LOOK_H

#include "cases.h"
#include "random_model.h"

/* Where a model's pages are, and for messages whose they are and how old. */
struct place {
	char *base;
	unsigned long seed;
	long step;
};

/* The words that messages begin with: how to have it all again, and when this was. */
#define PLACE_FORMAT	"MSEAL_TEST_SEED=%lu, seed %lu, step %ld: "
#define PLACE_WORDS(p)	test_seed(), (p)->seed, (p)->step

/* Each page's protection as /proc/self/maps has it, -1 for one not mapped. */
void look_prots(int prots[MODEL_PAGES], char *base);

/* Fails the case unless /proc/self/maps says of each page what the model does. */
void look_mappings(const struct model *model, const struct place *place);

/*
 * Fails the case unless the listing is the model's, from page @from on up to and
 * including the last range that begins before page @end.
 */
void look_seals(const struct model *model, const struct place *place,
		unsigned int from, unsigned int end);

#endif /* _MSEAL_TEST_RANDOM_LOOK_H */
