/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_FOOTPRINT_H
#define _MSEAL_LOAD_FOOTPRINT_H

#include <stdbool.h>

/* What there is of the module in the kernel, and what is hooked by anybody. */
struct footprint {
	bool module, device, device_class;
	int caches;
	/* As tracefs shows it, empty under a lockdown that forbids a look. */
	char hooks[16384];
};

struct footprint *footprint_take(void);
/* Each fails the case unless it is so; the second frees what it compares with. */
void footprint_expect(const struct footprint *before);
void footprint_expect_same(struct footprint *before);
void footprint_expect_none(void);

/* Whether a function is hooked so that its caller may be sent elsewhere. */
bool hooked(const struct footprint *footprint, const char *function);
int hooks_count(const struct footprint *footprint);

#endif /* _MSEAL_LOAD_FOOTPRINT_H */
