/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that have seals, as far as the caller may know. */
#ifndef MSEAL_TOOL_HOLDERS_H
#define MSEAL_TOOL_HOLDERS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct holder {
	pid_t pid;
	char name[64];
	size_t ranges;
	uint64_t bytes;
};

struct holders {
	struct holder *list;
	size_t nr;
	size_t hidden;		/* processes that the caller may not look at */
	int err;		/* 0, or why nobody can be looked at */
};

void holders_get(struct holders *holders);
void holders_free(struct holders *holders);

#endif /* MSEAL_TOOL_HOLDERS_H */
