/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_PROTECT_H
#define _MSEAL_PROTECT_H

#include <linux/types.h>

#include "compat/compat.h"

/**
 * mseal_protect_refuses() - is a change of protection refused, or one that follows?
 * @change: the change of a mapping that is about to be made; the caller holds its
 *	    mmap_lock for writing
 *
 * Safe in an ftrace handler.
 */
bool mseal_protect_refuses(const struct mseal_change *change);

#endif /* _MSEAL_PROTECT_H */
