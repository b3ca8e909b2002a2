// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <time.h>

#include "settle.h"

#define STEP_MS		20
#define STEPS		1000

bool settles(bool (*now)(void *arg), void *arg)
{
	const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };
	int i;

	for (i = 0; i < STEPS; i++) {
		if (now(arg))
			return true;
		nanosleep(&step, NULL);
	}
	return now(arg);
}
