// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations while the module loads fail, one at a time: the load fails and leaves
 * nothing, or was good without.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "footprint.h"
#include "image.h"
#include "kmsg.h"
#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"

#define MANY	1000000
/* What the kernel allocates between the module's first and its own last. */
#define MARGIN	40
#define MAX_STEP	32
#define LOOKS		2
#define MAX_PLACES	128
#define PLACE_LEN	128

static unsigned int load(const struct image *image, const char *parameters,
			 unsigned int nth, int *err)
{
	fault_begin(nth);
	*err = image_load(image, parameters);
	return fault_end();
}

/* Those before the module's own code runs are the kernel's, not the module's. */
static unsigned int first_of_the_module(const struct image *image)
{
	unsigned int before;
	int err;

	before = MANY - load(image, "disable=1", MANY, &err);
	ck_assert_int_eq(err, EPERM);
	return before > MARGIN ? before - MARGIN : 1;
}

/* The module's innermost function in the stack of what has failed. */
static void note_place(char place[static PLACE_LEN])
{
	const char *text = strstr(kmsg_since(), "FAULT_INJECTION");
	const char *mark = text ? strstr(text, " [mseal]") : NULL, *line = mark;

	while (line && line > text && line[-1] != '\n')
		line--;
	snprintf(place, PLACE_LEN, "%.*s", line ? (int)(mark - line) : 0, line ?: "");
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

/* Where there is no memory for the self-test's own mappings, its seal proves nothing. */
static void expect_reason(int err)
{
	if (err == ENODEV)
		kmsg_expect_words("mseal: not loading: a test seal didn't hold|-12");
	else
		ck_assert_int_eq(err, ENOMEM);
}

/* Returns what load() does; the load fails or is good, and is over. */
static unsigned int try_load(const struct image *image, unsigned int nth,
			     char place[static PLACE_LEN], bool *loaded)
{
	unsigned int left;
	int err;

	kmsg_mark();
	left = load(image, "", nth, &err);
	note_place(place);
	*loaded = !err;
	if (!*loaded)
		expect_reason(err);
	else if (!left)
		expect_whole();
	if (*loaded)
		ck_assert(module_gone("mseal"));
	return left;
}

/* The places of the module where something has failed so far. */
static char places[MAX_PLACES][PLACE_LEN];
static unsigned int nr_places;

static bool place_known(const char *place)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (!strcmp(places[i], place))
			return true;
	return false;
}

static void place_add(const char *place)
{
	ck_assert_uint_lt(nr_places, MAX_PLACES);
	strcpy(places[nr_places++], place);
}

/*
 * A load may do with one allocation less than those before, and what comes next is
 * then found where something else was, which may be a place by itself.  So what lies
 * around a new place is looked at again and again.
 */
static void look_around(const struct image *image, unsigned int nth)
{
	char place[PLACE_LEN];
	unsigned int i;
	bool loaded;

	for (i = 0; i < 2 * LOOKS; i++) {
		if (nth == 1 && i % 2)
			continue;
		try_load(image, nth - i % 2, place, &loaded);
		if (!place_known(place))
			place_add(place);
	}
}

/* What the kernel keeps in stock for each processor makes their number differ. */
static void stay_here(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
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
	char place[PLACE_LEN];

	(void)row;
	fault_need();
	stay_here();
	/* The first load of all takes more. */
	mseal_load();
	all_hooks = count_hooks();
	mseal_unload();
	unloaded = footprint_take();
	fault_scope(FAULT_ANY);
	fault_show(true);
	tried = first_of_the_module(&image) - 1;
	for (;;) {
		left = try_load(&image, tried + step, place, &loaded);
		/*
		 * To look takes a second on a slow kernel.  What the loads around a
		 * place have left is there after the next one, too.
		 */
		footprint_expect(unloaded);
		failed += !left;
		refused += !loaded;
		if (left && step == 1)
			break;
		new = left || !place_known(place);
		if (new && step > 1) {
			narrowing = true;
			step /= 2;
			continue;
		}
		if (new) {
			place_add(place);
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
	LONG_CASE(each_place, 2400),
};

SUITE(faults_load, cases, ENTRY_USUAL);
