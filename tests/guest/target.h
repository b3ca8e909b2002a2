/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_TARGET_H
#define _MSEAL_TEST_TARGET_H

#include <linux/mseal_dev.h>
#include <sys/types.h>

#include "proc.h"

/* A child that others ask about; it lives until it is told to end. */
struct target {
	pid_t pid;
	int pidfd;
	struct gate ready;	/* it has done what it had to */
	struct gate go;
};

#define EXEC_WAIT	"--exec-wait"

/* Skips the case where there are no descriptors of processes. */
int target_open(pid_t pid);

/* prepare runs in the child, which then waits at the gate "go" and exits. */
struct target target_start(void (*prepare)(struct target *self));
void target_end(struct target *target);
/* The same for one that has ended, and was waited for. */
void target_close(struct target *target);

/* A copy of this program with this mode, owned by whoever calls; it has no name. */
int target_program(mode_t mode);

/*
 * In the child: goes on as that program, which opens the gate "ready" and waits
 * at "go".  exec_wait() is what it does.
 */
void target_exec(struct target *self, int program);
int exec_wait(void);

/*
 * What to ask with about the calling process: by turns MSEAL_QUERY_SELF and a descriptor
 * of it, with which the way to the same answer is longer.
 */
int target_myself(void);

/* How many records the device gives, or -errno. */
long target_query(int pidfd, char *from, struct mseal_record *records,
		  unsigned int room);

/* Is /proc/PID/maps to be read?  0, EACCES, or ESRCH if it is empty or away. */
int target_maps_verdict(pid_t pid);

#endif /* _MSEAL_TEST_TARGET_H */
