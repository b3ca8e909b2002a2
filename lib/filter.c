// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A list of allowed system calls that is older than mseal() may have the process
 * killed that makes it, and nothing tells that beforehand.  So where calls are
 * filtered a child goes first, once.
 */
#include "internal.h"

enum verdict {
	UNKNOWN,
	PASSES,
	KILLS,
};

/* Two that look at once, by threads or signal handlers, see the same. */
static _Atomic int found = UNKNOWN;

/* Without a child the next call tries again: there may be room for one then. */
static enum verdict look(void)
{
	int survived;

	if (!mseal_sys_filtered())
		return PASSES;
	survived = mseal_sys_child_mseal();
	if (survived < 0)
		return UNKNOWN;
	return survived ? PASSES : KILLS;
}

bool mseal_filter_passes(void)
{
	int verdict = atomic_load_explicit(&found, memory_order_relaxed);

	if (verdict == UNKNOWN) {
		verdict = look();
		if (verdict != UNKNOWN)
			atomic_store_explicit(&found, verdict, memory_order_relaxed);
	}
	return verdict == PASSES;
}
