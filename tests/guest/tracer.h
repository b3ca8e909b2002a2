/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_TRACER_H
#define _MSEAL_TEST_TRACER_H

#include <sys/types.h>

/* Waits for the tracee to stop; returns the signal. */
int tracer_wait(pid_t pid);

/* Lets the stopped tracee make one call, and sets its registers back. */
long tracer_inject(pid_t pid, long nr, unsigned long a, unsigned long b,
		   unsigned long c, unsigned long d, unsigned long e);

#endif /* _MSEAL_TEST_TRACER_H */
