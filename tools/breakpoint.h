/* SPDX-License-Identifier: GPL-2.0 */
/* A breakpoint in a traced process that is stopped. */
#ifndef MSEAL_BREAKPOINT_H
#define MSEAL_BREAKPOINT_H

#include <stdbool.h>
#include <sys/types.h>

struct breakpoint {
	pid_t pid;
	unsigned long addr;
	long before;
};

/* Each false if that can't be done. */
bool breakpoint_set(struct breakpoint *breakpoint, pid_t pid, unsigned long addr);
bool breakpoint_hit(const struct breakpoint *breakpoint);

/* After it was hit: as if it had never been there. */
bool breakpoint_clear(const struct breakpoint *breakpoint);

#endif /* MSEAL_BREAKPOINT_H */
