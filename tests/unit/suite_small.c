// SPDX-License-Identifier: GPL-2.0
/*
 * Every set of a few cells, every addition to it and every unmap, every limit,
 * every failure.
 */
#include <errno.h>
#include <stdio.h>

#include "cells.h"
#include "slab.h"
#include "suites.h"

#define CELLS	5
#define DIGITS	".123"
#define TYPES	4	/* two bits, or none */

static struct family family;
static unsigned int cases, unmaps;

/* The nth of all sets: a digit for each cell. */
static void nth_set(unsigned int nth, char *text)
{
	for (int i = 0; i < CELLS; i++, nth /= TYPES)
		text[i] = DIGITS[nth % TYPES];
	text[CELLS] = '\0';
}

static int one(const char *text, bool share, const struct run *added,
	       unsigned int max, unsigned int fail)
{
	int err;

	given(&family, &places[0], text);
	if (share)
		family_fork(&family, 0, 1);
	slab_fail(fail, 1);
	err = family_add(&family, 0, added->at, added->types, max);
	family_end(&family);
	cases++;
	return err;
}

static void every_failure(const char *text, const struct run *added)
{
	for (int share = 0; share < 2; share++)
		for (unsigned int nth = 1;; nth++)
			if (!one(text, share, added, NO_LIMIT, nth))
				break;
}

static void every_addition(const char *text)
{
	struct run added;

	for (added.types = 1; added.types < TYPES; added.types++)
		for (added.at.first = 0; added.at.first < CELLS; added.at.first++)
			for (added.at.last = added.at.first;
			     added.at.last < CELLS; added.at.last++) {
				for (unsigned int max = 0; max <= CELLS; max++)
					one(text, false, &added, max, 0);
				every_failure(text, &added);
			}
}

static int unmap(const char *text, bool share, struct cells at,
		 unsigned int max, unsigned int fail, bool works)
{
	int err;

	given(&family, &places[0], text);
	if (share)
		family_fork(&family, 0, 1);
	slab_fail(fail, 1);
	err = family_unmap(&family, 0, at, max, works);
	family_end(&family);
	unmaps++;
	return err;
}

static void every_unmap_of(const char *text, struct cells at)
{
	for (int bits = 0; bits < 4; bits++) {
		for (unsigned int max = 0; max <= CELLS; max++)
			unmap(text, bits & 1, at, max, 0, bits & 2);
		for (unsigned int nth = 1;; nth++)
			if (!unmap(text, bits & 1, at, NO_LIMIT, nth, bits & 2))
				break;
	}
}

static void every_unmap(const char *text)
{
	struct cells at;

	for (at.first = 0; at.first < CELLS; at.first++)
		for (at.last = at.first; at.last < CELLS; at.last++)
			every_unmap_of(text, at);
}

/* All sets that begin with the loop's digit. */
START_TEST(every_small_set)
{
	char text[CELLS + 1];
	unsigned int nth, nr = 1;

	for (int i = 0; i < CELLS; i++)
		nr *= TYPES;
	for (nth = _i; nth < nr; nth += TYPES) {
		nth_set(nth, text);
		every_addition(text);
		every_unmap(text);
	}
	printf("small: %u additions to sets that begin with %c, %u unmaps\n",
	       cases, DIGITS[_i], unmaps);
}
END_TEST

Suite *small_suite(void)
{
	Suite *suite = suite_create("small");
	TCase *tcase = sealset_tcase("small");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, every_small_set, 0, TYPES);
	suite_add_tcase(suite, tcase);
	return suite;
}
