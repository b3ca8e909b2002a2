/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernels that the core would otherwise see.  Nothing
 * outside this directory knows a kernel version.
 */
#ifndef _MSEAL_COMPAT_H
#define _MSEAL_COMPAT_H

#include "arch.h"
#include "config.h"
#include "ftrace.h"
#include "targets.h"
#include "task.h"

#endif /* _MSEAL_COMPAT_H */
