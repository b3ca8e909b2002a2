/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_KINDS_H
#define _MSEAL_TEST_KINDS_H

#include <stdbool.h>
#include <stddef.h>

/* Every kind of mapping that can be sealed. */
struct map_kind {
	const char *name;
	/* Ends the case as skipped if this machine hasn't got the kind. */
	char *(*make)(size_t *len);
	/* The kernel writes into it, or it can't be read. */
	bool restless;
};

#define NR_MAP_KINDS	20
extern const struct map_kind map_kinds[NR_MAP_KINDS];

/* In a child: the mapping it has inherited, or its own if that isn't the same. */
char *kind_of_child(const struct map_kind *kind, char *at, size_t *len);

#endif /* _MSEAL_TEST_KINDS_H */
