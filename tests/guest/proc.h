/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_PROC_H
#define _MSEAL_TEST_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/* Lets one process wait for another; not reusable. */
struct gate {
	int fd[2];
};

void gate_init(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

/* In a forked child; a failed assertion there fails the case here. */
pid_t child_start(void (*fn)(void *arg), void *arg);
void child_wait(pid_t pid);
void in_child(void (*fn)(void *arg), void *arg);

/*
 * In a process that shares this one's memory.  fn may only make system calls;
 * its result is the exit status.
 */
pid_t sharer_start(int (*fn)(void *arg), void *arg, int clone_flags);
int wait_status(pid_t pid);

/* /proc/sys and /sys files that hold one number; -1: unreadable */
long file_number(const char *path);
bool file_set_number(const char *path, long number);

/* For the calling thread; of no effect where there are fewer. */
void use_processor(int nr);

#endif /* _MSEAL_TEST_PROC_H */
