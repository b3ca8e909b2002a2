/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_MINMAX_H
#define _SHIM_MINMAX_H

/* Like the kernel's, these evaluate once and take no mixed types. */
#define shim_pick(a, b, op)						\
	({								\
		__typeof__(a) pick_a = (a);				\
		__typeof__(b) pick_b = (b);				\
		_Static_assert(__builtin_types_compatible_p(		\
			__typeof__(a), __typeof__(b)), "mixed types");	\
		pick_a op pick_b ? pick_a : pick_b;			\
	})

#define min(a, b)	shim_pick(a, b, <)
#define max(a, b)	shim_pick(a, b, >)

#endif /* _SHIM_MINMAX_H */
