// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation while the module loads fails once: the load fails and leaves
 * nothing, or was good without.
 */
#define _GNU_SOURCE
#include <errno.h>

#include "fault.h"
#include "footprint.h"
#include "image.h"
#include "modules.h"
#include "report.h"
#include "suites.h"

#define MANY	1000000
/* What the kernel allocates between the module's first and its own last. */
#define MARGIN	40

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

static void each_allocation(int row)
{
	struct image image = image_read("/mseal.ko");
	unsigned int nth, first, left, refused = 0;
	int err;

	(void)row;
	fault_need();
	fault_scope(FAULT_ANY);
	fault_show(true);
	first = first_of_the_module(&image);
	for (nth = first;; nth++) {
		struct footprint *before = footprint_take();

		left = load(&image, "", nth, &err);
		if (!err)
			ck_assert(module_gone("mseal"));
		footprint_expect_same(before);
		if (left)
			break;
		refused += !!err;
	}
	ck_assert_int_eq(err, 0);
	note("%u allocations failed, by which %u loads were refused",
	     nth - first, refused);
}

static const struct test_case cases[] = {
	LONG_CASE(each_allocation, 1500),
};

SUITE(faults_load, cases, ENTRY_USUAL);
