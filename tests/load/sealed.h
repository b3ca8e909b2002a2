/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_SEALED_H
#define _MSEAL_LOAD_SEALED_H

#include <sys/types.h>

/* A process that has sealed two pages, and says on request if they still are. */
struct sealed {
	pid_t pid;
	int talk;
};

void sealed_start(struct sealed *process);

/*
 * Fails the case unless every operation on its seals is refused there, with
 * nothing changed, and succeeds on memory that isn't sealed.
 */
void sealed_check(struct sealed *process);

/* Fails the case unless a further seal fails there so, and seals nothing. */
void sealed_cannot_seal(struct sealed *process, int want);
void sealed_end(struct sealed *process);

/* A process that seals, is refused and ends. */
void seal_and_exit(void);

#endif /* _MSEAL_LOAD_SEALED_H */
