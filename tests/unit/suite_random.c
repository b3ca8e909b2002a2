// SPDX-License-Identifier: GPL-2.0
/* A family lives at random, next to its model. */
#include <linux/slab.h>
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"
#include "slab.h"
#include "suites.h"

#define SEEDS		8
#define DEFAULT_OPS	20000

static struct family family;
static u64 state;

/* SplitMix64: small, and the same everywhere. */
static u64 random_u64(void)
{
	u64 z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned int below(unsigned int limit)
{
	return random_u64() % limit;
}

/* Short ranges keep a set fragmented, long ones join it again. */
static struct cells random_cells(void)
{
	unsigned int room = below(4) ? 4 : MODEL_CELLS;
	unsigned int first = below(MODEL_CELLS), last = first + below(room);

	return (struct cells){ first, last < MODEL_CELLS ? last : MODEL_CELLS - 1 };
}

static u64 random_types(void)
{
	return model_types(1 + below((1 << MODEL_TYPES) - 1));
}

static unsigned int random_living(void)
{
	unsigned int who;

	do
		who = below(FAMILY_MEMBERS);
	while (!family.members[who].set);
	return who;
}

static void random_op(void)
{
	unsigned int who = random_living(), other = below(FAMILY_MEMBERS);
	unsigned int max = below(8) ? NO_LIMIT : below(MODEL_CELLS);

	slab_fail(below(4) ? 0 : 1 + below(8), below(2) ? 1 : SLAB_ALWAYS);
	switch (below(20)) {
	case 0:
		family_fork(&family, who, other);
		break;
	case 1:
		family_clone(&family, who, other, GFP_KERNEL_ACCOUNT |
			     (below(2) ? __GFP_NOFAIL : 0));
		break;
	case 2:
		if (who != other && family.members[other].set)
			family_exit(&family, who);
		break;
	case 3:
	case 4:
	case 5:
		family_cut(&family, who, random_cells());
		break;
	case 6:
		family_lacks(&family, who, random_cells(), random_types(),
			     random_types());
		break;
	case 7:
	case 8:
	case 9:
		family_unmap(&family, who, random_cells(), max, below(2));
		break;
	case 10:
		family_list(&family, who, below(MODEL_CELLS));
		break;
	case 11:
		family_hit(&family, who, random_cells(), random_types());
		break;
	default:
		family_add(&family, who, random_cells(), random_types(), max);
	}
}

static unsigned long setting(const char *name, unsigned long usual)
{
	const char *value = getenv(name);

	return value ? strtoul(value, NULL, 0) : usual;
}

START_TEST(random_lives)
{
	unsigned long seed = setting("MSEAL_UNIT_SEED", 1) + _i;
	unsigned long ops = setting("MSEAL_UNIT_OPS", DEFAULT_OPS);
	const struct place *place = &places[_i % nr_places];

	printf("random: MSEAL_UNIT_SEED=%lu MSEAL_UNIT_OPS=%lu at %#lx\n", seed,
	       ops, place->base);
	fflush(stdout);
	state = seed;
	family_init(&family, place->base, place->unit);
	while (ops--)
		random_op();
	family_end(&family);
}
END_TEST

Suite *random_suite(void)
{
	Suite *suite = suite_create("random");
	TCase *tcase = sealset_tcase("random");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, random_lives, 0, SEEDS);
	suite_add_tcase(suite, tcase);
	return suite;
}
