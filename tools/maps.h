/* SPDX-License-Identifier: GPL-2.0 */
/* The mappings of a process, as /proc/PID/maps lists them. */
#ifndef MSEAL_TOOL_MAPS_H
#define MSEAL_TOOL_MAPS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct mapping {
	uintptr_t start, end;
	char perms[5];		/* "rwxp" */
	char *name;		/* the file or [name], "" if it has none */
};

struct maps {
	struct mapping *list;
	size_t nr;
};

/* The list of one program: it ends when the process executes another. */
FILE *maps_open(pid_t pid);

/* Returns 0 or a negative errno; what is found is to be freed in either case. */
int maps_read(FILE *file, struct maps *maps);
void maps_free(struct maps *maps);

/* Returns NULL if nothing is mapped there. */
const struct mapping *maps_find(const struct maps *maps, uintptr_t addr);

#endif /* MSEAL_TOOL_MAPS_H */
