/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one call costs, in ticks of the processor's clock.  In a guest that counts
 * instructions (tests/vm/run -i) a tick is an instruction.
 */
#ifndef _MSEAL_BENCH_CLOCK_H
#define _MSEAL_BENCH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t ticks(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
	uint64_t now;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(now) : : "memory");
	return now;
#else
#error "no clock known for this processor"
#endif
}

/* What is measured lies between these two, which trace instead if told so. */
uint64_t clock_begin(void);
uint64_t clock_end(uint64_t begin);

/* From now on: don't measure, but have what runs in between traced. */
void clock_trace(int tracing_on);

/*
 * One system call, up to six arguments; ends the program if its result is not what
 * is wanted: 0 or more, or -1 and that errno.
 */
uint64_t clock_call(int want, long nr, ...);

/* The result of the last call that was measured. */
long clock_result(void);

#endif /* _MSEAL_BENCH_CLOCK_H */
