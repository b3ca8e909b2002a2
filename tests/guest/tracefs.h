/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_TRACEFS_H
#define _MSEAL_TEST_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>

/* One event of system mseal, as tracefs prints it. */
struct trace_event {
	char name[32];		/* mseal_denied or mseal_sealed */
	int pid;
	char comm[32];
	char op[16];		/* of mseal_denied */
	unsigned long start, end;
	unsigned long long types;
	unsigned long ip;	/* of mseal_denied */
};

/*
 * Records this process's events from here on; ends the case as skipped where that
 * takes root.
 */
void trace_begin(void);

/* What came together since the last call, in order; returns how many there were. */
size_t trace_take(struct trace_event *events, size_t room);

/*
 * Counts calls of a kernel function from here on, by whomever, up to the end of
 * trace_called(), which tells.  Ends the case as skipped where that takes root, or
 * where there is no such function to be traced.
 */
void trace_calls_of(const char *function);
long trace_called(void);

/*
 * The same for a kretprobe that may be under way @nested times at once, as those are
 * that look at returns.
 */
void trace_returns_of(const char *function, int nested);
long trace_returned(void);

#endif /* _MSEAL_TEST_TRACEFS_H */
