/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_PROTECT_H
#define _MSEAL_PROTECT_H

#include <linux/types.h>

#include "compat/compat.h"

/**
 * mseal_ask_change() - is a change of protection refused, or one that follows?
 * @change: the change of a mapping that is about to be made; the caller holds its
 *	    mmap_lock for writing
 * @end: set to the end of the whole call's range if the answer is "refused"
 *
 * What follows is reported when its turn comes.  Safe in an ftrace handler.
 */
enum mseal_answer mseal_ask_change(const struct mseal_change *change,
				   unsigned long *end);

#endif /* _MSEAL_PROTECT_H */
