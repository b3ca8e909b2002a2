/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_KERNEL_H
#define _MSEAL_KERNEL_H

#include <linux/types.h>

struct mseal_prototype;

/**
 * mseal_check_line() - has the module been tried on this line of kernels?
 *
 * Return: 0, also if untested=1 makes up for it, or -ENODEV; in both cases after
 * one line in the log unless it has.
 */
int mseal_check_line(void);

/**
 * mseal_check_prototypes() - are functions what their hooks were written for?
 * @functions: which; room for what the kernel's BTF says of them
 * @expected: the prototype that each must have; a final "..." stands for any
 *	      further parameters
 * @nr: number of functions that are judged, all of @expected
 * @more: number of those behind them that the caller judges itself
 *
 * Return: 0, also if unchecked=1 makes up for it, or a negative errno; in both
 * cases after one line in the log unless all are.
 */
int mseal_check_prototypes(struct mseal_prototype *functions,
			   const char *const *expected, unsigned int nr,
			   unsigned int more);

/* Did one of these need its parameter to pass?  MSEAL_STATE_* bits. */
u64 mseal_kernel_state(void);

#endif /* _MSEAL_KERNEL_H */
