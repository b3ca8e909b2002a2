/* SPDX-License-Identifier: GPL-2.0 */
/* A process's seals, and the names of their types. */
#ifndef MSEAL_TOOL_SEALS_H
#define MSEAL_TOOL_SEALS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <mseal.h>

struct seals {
	struct mseal_seal *list;
	size_t nr;
};

/* Returns 0 or a negative errno; what is found is to be freed in either case. */
int seals_read(int pidfd, struct seals *seals);
void seals_free(struct seals *seals);

/* Names separated by commas; "native" stands for what mseal() seals. */
void seals_print_types(FILE *out, uint64_t types);

/* The same as an array. */
void seals_json_types(const char *name, uint64_t types);

#endif /* MSEAL_TOOL_SEALS_H */
