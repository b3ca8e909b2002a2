/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_RCUPDATE_H
#define _SHIM_RCUPDATE_H

#include <linux/types.h>

#define rcu_assign_pointer(p, value)					\
	__atomic_store_n(&(p), value, __ATOMIC_RELEASE)

#endif /* _SHIM_RCUPDATE_H */
