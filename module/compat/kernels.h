/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_COMPAT_KERNELS_H
#define _MSEAL_COMPAT_KERNELS_H

#include <linux/types.h>

/**
 * mseal_kernel_tested() - have the tests booted this line of kernels?
 *
 * What is hooked on the others was taken from their sources only.
 */
bool mseal_kernel_tested(void);

#endif /* _MSEAL_COMPAT_KERNELS_H */
