// SPDX-License-Identifier: GPL-2.0
/* Prints how fast this processor's time stamp counter runs, in kHz. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <x86intrin.h>

#define LOOKS		50
#define NS_PER_S	1000000000LL
#define BETWEEN		(NS_PER_S / 10)

struct look {
	uint64_t tsc;
	int64_t ns;
};

static int64_t now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC_RAW, &t)) {
		perror("clock_gettime");
		exit(EXIT_FAILURE);
	}
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* Of many looks the shortest: in it nobody else has had the processor. */
static struct look look(void)
{
	struct look best = { 0 };
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < LOOKS; i++) {
		uint64_t before = __rdtsc();
		int64_t ns = now();
		uint64_t took = __rdtsc() - before;

		if (took < shortest) {
			shortest = took;
			best.tsc = before + took / 2;
			best.ns = ns;
		}
	}
	return best;
}

int main(void)
{
	const struct timespec between = { .tv_nsec = BETWEEN };
	struct look first = look(), last;

	nanosleep(&between, NULL);
	last = look();
	printf("%lld\n", (long long)((last.tsc - first.tsc) * 1000000 /
				     (uint64_t)(last.ns - first.ns)));
	return 0;
}
