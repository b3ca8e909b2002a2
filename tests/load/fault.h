/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_FAULT_H
#define _MSEAL_LOAD_FAULT_H

#include <stdbool.h>

/* Which allocations of the calling thread are counted. */
enum fault_scope {
	FAULT_NAMED,		/* those from caches that slub_debug=A names */
	FAULT_ANY,		/* the kernel's own, too */
};

/* Skips the case where the kernel has no failslab. */
void fault_need(void);
void fault_scope(enum fault_scope scope);
/* Whether the log gets the stack of each failure. */
void fault_show(bool stacks);

/*
 * Of this thread's allocations the nth fails.  Until fault_end() it may do nothing
 * but what is to be tried.
 */
void fault_begin(unsigned int nth);
/* How many of the nth were still to come; 0: it has failed. */
unsigned int fault_end(void);

#endif /* _MSEAL_LOAD_FAULT_H */
