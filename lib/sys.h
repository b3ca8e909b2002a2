/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All that the library asks of the kernel.  Each call answers as the kernel
 * does, a negative errno on failure, and may change errno besides.  None of
 * them is a cancellation point, takes a lock or allocates, so that mseal() may
 * be called wherever the native call may.
 */
#ifndef MSEAL_SYS_H
#define MSEAL_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utsname;

/**
 * struct mseal_identity - which character device a descriptor refers to
 * @dev: file system of the device node
 * @ino: inode of the device node
 * @rdev: device number
 */
struct mseal_identity {
	uint64_t dev;
	uint64_t ino;
	uint64_t rdev;
};

/* Opens a device, or a file of /proc, to ask only, closed on exec. */
int mseal_sys_open(const char *path);

void mseal_sys_close(int fd);

/* The lowest free descriptor not below least, closed on exec. */
int mseal_sys_dup(int fd, int least);

/* -ENOTTY for anything but a character device. */
int mseal_sys_identify(int fd, struct mseal_identity *id);

int mseal_sys_read(int fd, void *buf, size_t len);

/* From its beginning on again. */
int mseal_sys_rewind(int fd);

/* Of a descriptor of a process: has it ended?  1 or 0, or -EBADF if not open. */
int mseal_sys_ended(int pidfd);

int mseal_sys_ioctl(int fd, unsigned long request, void *arg);

size_t mseal_sys_page_size(void);

int mseal_sys_uname(struct utsname *name);

/* System call 462: only for kernels that are known to have it. */
int mseal_sys_mseal(void *addr, size_t len, unsigned long flags);

/* Does a filter judge the calling thread's system calls?  Doubt counts as yes. */
bool mseal_sys_filtered(void);

/*
 * Has a child call mseal_sys_mseal(), to seal nothing.  Returns 1 if it lives on,
 * 0 if a filter kills it, or a negative errno if that can't be found out.  The
 * program sees nothing of the child: no signal, no process to wait for.  Only where a
 * filter has the program's handler of SIGSYS answer to the parent's calls, that runs.
 */
int mseal_sys_child_mseal(void);

#endif /* MSEAL_SYS_H */
