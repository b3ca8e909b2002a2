// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading again and again while everything that is hooked is in
 * use.  The console, which must stay clean, is judged by the runner.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "modules.h"
#include "pressure.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"

#define CYCLES		100
#define SEALERS		3

static void use_seals(void)
{
	struct sealed process[SEALERS];
	int i;

	for (i = 0; i < SEALERS; i++)
		sealed_start(&process[i]);
	sealed_check(&process[0]);
	for (i = 0; i < SEALERS; i++)
		sealed_end(&process[i]);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static void under_load(int row)
{
	long cycles = scaled(CYCLES), i, with_seals = 0;
	unsigned long changes = 0;
	double began = seconds();

	(void)row;
	pressure_start();
	for (i = 0; i < cycles; i++) {
		mseal_load();
		if (i % 4 == 0) {
			use_seals();
			with_seals++;
		}
		mseal_unload();
		changes = pressure_check();
		if ((i + 1) % 10 == 0)
			printf("%ld of %ld cycles, %.0f s, %lu rounds of changes\n",
			       i + 1, cycles, seconds() - began, changes);
	}
	pressure_stop();
	note("%ld cycles, %ld of them with seals, %.1f s each, %lu rounds of changes",
	     cycles, with_seals, (seconds() - began) / cycles, changes);
}

static const struct test_case cases[] = {
	LONG_CASE(under_load, 2300),
};

SUITE(cycles, cases, ENTRY_USUAL);
