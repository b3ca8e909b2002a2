/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_URING_H
#define _MSEAL_TEST_URING_H

#include <linux/io_uring.h>
#include <stddef.h>

/* An io_uring of a few entries, used for one request at a time. */
struct uring {
	int fd;
	char *rings;
	struct io_uring_sqe *sqes;
	struct io_uring_params params;
};

/* Ends the case as skipped if there is none to be had. */
void uring_open(struct uring *ring, unsigned int setup_flags);

/* The request's result once it is complete: 0 or -errno. */
int uring_madvise(struct uring *ring, char *at, size_t len, int advice,
		  unsigned int sqe_flags);

/* Fixes a buffer, which stays pinned; then reads a file's beginning into it. */
void uring_fix_buffer(struct uring *ring, char *at, size_t len);
int uring_read_fixed(struct uring *ring, int file, char *at, size_t len);

#endif /* _MSEAL_TEST_URING_H */
