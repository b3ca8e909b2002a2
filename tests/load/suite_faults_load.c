// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations while the module loads fail, one at a time: the load fails and leaves
 * nothing, or was good without.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "footprint.h"
#include "image.h"
#include "kmsg.h"
#include "modules.h"
#include "report.h"
#include "suites.h"

#define MANY	1000000
/* What the kernel allocates between the module's first and its own last. */
#define MARGIN	40
#define MAX_STEP	32

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
static void note_place(char *place, size_t size)
{
	const char *text = strstr(kmsg_since(), "FAULT_INJECTION");
	const char *mark = text ? strstr(text, " [mseal]") : NULL, *line = mark;

	while (line && line > text && line[-1] != '\n')
		line--;
	snprintf(place, size, "%.*s", line ? (int)(mark - line) : 0, line ?: "");
}

/* Returns what load() does; the load fails or is good, and leaves nothing. */
static unsigned int try_load(const struct image *image, unsigned int nth,
			     char *place, size_t size, bool *loaded)
{
	struct footprint *before = footprint_take();
	unsigned int left;
	int err;

	kmsg_mark();
	left = load(image, "", nth, &err);
	note_place(place, size);
	*loaded = !err;
	if (*loaded)
		ck_assert(module_gone("mseal"));
	footprint_expect_same(before);
	return left;
}

/*
 * The kernel makes hundreds for a single call of the module's.  While the place
 * stays the same the steps grow; where it has changed they begin anew, behind the
 * last one that was known.
 */
static void each_place(int row)
{
	struct image image = image_read("/mseal.ko");
	unsigned int nth, known, step = 1, failed = 0, refused = 0, left;
	char place[128], last[128] = "";
	bool loaded;

	(void)row;
	fault_need();
	/* The first load of all takes more. */
	mseal_load();
	mseal_unload();
	fault_scope(FAULT_ANY);
	fault_show(true);
	known = first_of_the_module(&image);
	for (nth = known;; nth = known + step) {
		left = try_load(&image, nth, place, sizeof(place), &loaded);
		if (left && step == 1)
			break;
		failed += !left;
		refused += !loaded;
		if (step > 1 && (left || strcmp(place, last))) {
			step = 1;
			continue;
		}
		if (strcmp(place, last))
			step = 1;
		else if (step < MAX_STEP)
			step *= 2;
		strcpy(last, place);
		known = nth;
	}
	ck_assert(loaded);
	note("%u allocations failed, by which %u loads were refused", failed,
	     refused);
}

static const struct test_case cases[] = {
	LONG_CASE(each_place, 1200),
};

SUITE(faults_load, cases, ENTRY_USUAL);
