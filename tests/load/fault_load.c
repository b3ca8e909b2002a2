// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "fault_load.h"
#include "kmsg.h"

#define MANY	1000000

void fault_load_here(void)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(cpus), &cpus), 0);
}

unsigned int fault_load(const struct image *image, const char *parameters,
			unsigned int nth, int *err)
{
	fault_begin(nth);
	*err = image_load(image, parameters);
	return fault_end();
}

unsigned int fault_load_count(const struct image *image, const char *parameters,
			      int want)
{
	unsigned int left;
	int err;

	left = fault_load(image, parameters, MANY, &err);
	ck_assert_int_eq(err, want);
	return MANY - left;
}

/* Beginning with the innermost of the kernel's; what is only a guess is left out. */
static void note_place(struct fault_place *place)
{
	const char *line = strstr(kmsg_since(), "FAULT_INJECTION");
	const char *callee = line, *end;

	*place = (struct fault_place){ 0 };
	for (; line && *line; line = end + (*end == '\n')) {
		end = strchrnul(line, '\n');
		if (!strncmp(line, " ? ", 3))
			continue;
		if (memmem(line, end - line, " [mseal]", 8)) {
			snprintf(place->function, PLACE_LEN, "%.*s",
				 (int)(end - line), line);
			snprintf(place->callee, PLACE_LEN, "%.*s",
				 (int)strcspn(callee, "\n"), callee);
			return;
		}
		callee = line;
	}
}

/* Where there is no memory for the self-test's own mappings, its seal proves nothing. */
static void expect_reason(int err)
{
	if (err == ENODEV)
		kmsg_expect_words("mseal: not loading: a test seal didn't hold|-12");
	else
		ck_assert_int_eq(err, ENOMEM);
}

unsigned int fault_load_at(const struct image *image, unsigned int nth,
			   struct fault_place *place, int *err)
{
	unsigned int left;

	kmsg_mark();
	left = fault_load(image, "", nth, err);
	note_place(place);
	if (*err)
		expect_reason(*err);
	return left;
}
