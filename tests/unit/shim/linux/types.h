/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_TYPES_H
#define _SHIM_TYPES_H

#include_next <linux/types.h>
#include <stdbool.h>

typedef __u64 u64;
typedef unsigned int gfp_t;

#endif /* _SHIM_TYPES_H */
