// SPDX-License-Identifier: GPL-2.0
/*
 * A function to prove the hooks on.  In a file of its own, since nothing else
 * here may be traced.
 */
#include <linux/compiler.h>

#include "hook.h"

noinline long mseal_probe(void)
{
	barrier();
	return 0;
}
