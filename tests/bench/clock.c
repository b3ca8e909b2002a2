// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

static int tracing = -1;
static long result;

void clock_trace(int tracing_on)
{
	tracing = tracing_on;
}

static void trace(const char *on)
{
	if (write(tracing, on, 1) != 1)
		give_up("tracing_on");
}

uint64_t clock_begin(void)
{
	if (tracing < 0)
		return ticks();
	trace("1");
	return 0;
}

uint64_t clock_end(uint64_t begin)
{
	if (tracing < 0)
		return ticks() - begin;
	trace("0");
	return 0;
}

uint64_t clock_call(int want, long nr, ...)
{
	uint64_t cost;
	long arg[6];
	va_list list;
	int i, got;

	va_start(list, nr);
	for (i = 0; i < 6; i++)
		arg[i] = va_arg(list, long);
	va_end(list);

	cost = clock_begin();
	result = syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	got = result == -1 ? errno : 0;
	cost = clock_end(cost);
	if (got != want) {
		fprintf(stderr, "system call %ld: %s, not %s\n", nr, strerror(got),
			strerror(want));
		exit(1);
	}
	return cost;
}

long clock_result(void)
{
	return result;
}
