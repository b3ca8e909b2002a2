// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations while the module loads fail, one at a time: the load fails and leaves
 * nothing, or was good without.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "fault_load.h"
#include "footprint.h"
#include "image.h"
#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"

/* What the kernel allocates between the module's first and its own last. */
#define MARGIN	40
#define MAX_STEP	32
#define LOOKS		2
#define MAX_PLACES	128

/* Those before the module's own code runs are the kernel's, not the module's. */
static unsigned int first_of_the_module(const struct image *image)
{
	unsigned int before = fault_load_count(image, "disable=1", EPERM);

	return before > MARGIN ? before - MARGIN : 1;
}

static int count_hooks(void)
{
	struct footprint *now = footprint_take();
	int hooks = hooks_count(now);

	free(now);
	return hooks;
}

/* Hooks of a load in which nothing fails. */
static int all_hooks;

/* A load that went on without what it asked for guards all the same. */
static void expect_whole(void)
{
	ck_assert_int_eq(count_hooks(), all_hooks);
	seal_and_exit();
}

/* Returns what fault_end() does; the load fails or is good, and is over. */
static unsigned int try_load(const struct image *image, unsigned int nth,
			     struct fault_place *place, bool *loaded)
{
	unsigned int left;
	int err;

	left = fault_load_at(image, nth, place, &err);
	*loaded = !err;
	if (*loaded && !left)
		expect_whole();
	if (*loaded)
		ck_assert(module_gone("mseal"));
	return left;
}

/* The places of the module where something has failed so far. */
static char places[MAX_PLACES][PLACE_LEN];
static unsigned int nr_places;

static bool place_known(const struct fault_place *place)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (!strcmp(places[i], place->function))
			return true;
	return false;
}

static void place_add(const struct fault_place *place)
{
	ck_assert_uint_lt(nr_places, MAX_PLACES);
	strcpy(places[nr_places++], place->function);
}

/*
 * A load may do with one allocation less than those before, and what comes next is
 * then found where something else was, which may be a place by itself.  So what lies
 * around a new place is looked at again and again.
 */
static void look_around(const struct image *image, unsigned int nth)
{
	struct fault_place place;
	unsigned int i;
	bool loaded;

	for (i = 0; i < 2 * LOOKS; i++) {
		if (nth == 1 && i % 2)
			continue;
		try_load(image, nth - i % 2, &place, &loaded);
		if (!place_known(&place))
			place_add(&place);
	}
}

static const struct footprint *begin(void)
{
	fault_need();
	fault_load_here();
	/* The first load of all takes more. */
	mseal_load();
	all_hooks = count_hooks();
	mseal_unload();
	return footprint_take();
}

/* Few, and none may be stepped over: the self-test's space, its set and its range. */
static void own_caches(int row)
{
	struct image image = image_read("/mseal.ko");
	const struct footprint *unloaded;
	struct fault_place place;
	unsigned int nth;
	bool loaded;

	(void)row;
	unloaded = begin();
	fault_scope(FAULT_NAMED);
	fault_show(true);
	for (nth = 1; !try_load(&image, nth, &place, &loaded); nth++) {
		ck_assert(!loaded);
		footprint_expect(unloaded);
	}
	ck_assert(loaded);
	ck_assert_uint_eq(nth - 1, 3);
	footprint_expect(unloaded);
}

/*
 * The kernel makes hundreds for a single call of the module's, and that call for
 * each hook.  While the places are known the steps grow; one step too far and
 * they are halved, until they have led to the first new place, or to the end.  What
 * led to a new place is tried once more, as a place may have one allocation only.
 */
static void each_place(int row)
{
	struct image image = image_read("/mseal.ko");
	const struct footprint *unloaded;
	unsigned int tried, step = 1, failed = 0, refused = 0, left;
	bool loaded, new, narrowing = false;
	struct fault_place place;

	(void)row;
	unloaded = begin();
	fault_scope(FAULT_ANY);
	fault_show(true);
	tried = first_of_the_module(&image) - 1;
	for (;;) {
		left = try_load(&image, tried + step, &place, &loaded);
		/*
		 * To look takes a second on a slow kernel.  What the loads around a
		 * place have left is there after the next one, too.
		 */
		footprint_expect(unloaded);
		failed += !left;
		refused += !loaded;
		if (left && step == 1)
			break;
		new = left || !place_known(&place);
		if (new && step > 1) {
			narrowing = true;
			step /= 2;
			continue;
		}
		if (new) {
			place_add(&place);
			narrowing = false;
			look_around(&image, tried + 1);
			continue;
		}
		tried += step;
		if (narrowing)
			step = step > 1 ? step / 2 : 1;
		else if (step < MAX_STEP)
			step *= 2;
	}
	ck_assert(loaded);
	note("%u allocations failed at %u places, by which %u loads were refused",
	     failed, nr_places, refused);
}

static const struct test_case cases[] = {
	LONG_CASE(own_caches, 600),
	LONG_CASE(each_place, 2400),
};

SUITE(faults_load, cases, ENTRY_USUAL);
