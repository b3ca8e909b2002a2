/* SPDX-License-Identifier: GPL-2.0 */
/* A program that is started for what can be seen of it. */
#ifndef MSEAL_TOOL_CHILD_H
#define MSEAL_TOOL_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Forks a process that waits before it becomes the program argv[0]. */
pid_t child_prepare(char **argv);
void child_let_go(void);

/* If so, *status is what a shell would make of it. Waits for nothing. */
bool child_ended(pid_t child, int *status);

#endif /* MSEAL_TOOL_CHILD_H */
