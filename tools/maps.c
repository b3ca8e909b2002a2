// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "maps.h"

FILE *maps_open(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	return fopen(path, "re");
}

/* Returns room for one more, or NULL. */
static struct mapping *add(struct maps *maps)
{
	struct mapping *more;

	/* Doubled whenever it is a power of two, so full. */
	if (!(maps->nr & (maps->nr - 1))) {
		more = realloc(maps->list,
			       (maps->nr ? 2 * maps->nr : 1) * sizeof(*more));
		if (!more)
			return NULL;
		maps->list = more;
	}
	return &maps->list[maps->nr];
}

static int parse(char *line, struct mapping *mapping)
{
	int name = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*x %*s %*u %n",
		   &mapping->start, &mapping->end, mapping->perms, &name) < 3 ||
	    !name)
		return -EINVAL;
	mapping->name = strdup(line + name);
	return mapping->name ? 0 : -ENOMEM;
}

int maps_read(FILE *file, struct maps *maps)
{
	char *line = NULL;
	size_t room = 0;
	int err = 0;

	*maps = (struct maps){ 0 };
	while (!err && getline(&line, &room, file) > 0) {
		struct mapping *mapping = add(maps);

		err = mapping ? parse(line, mapping) : -ENOMEM;
		if (!err)
			maps->nr++;
	}
	if (!err && ferror(file))
		err = -errno;
	free(line);
	return err;
}

void maps_free(struct maps *maps)
{
	size_t i;

	for (i = 0; i < maps->nr; i++)
		free(maps->list[i].name);
	free(maps->list);
	*maps = (struct maps){ 0 };
}

const struct mapping *maps_find(const struct maps *maps, uintptr_t addr)
{
	size_t i;

	for (i = 0; i < maps->nr; i++) {
		if (addr >= maps->list[i].start && addr < maps->list[i].end)
			return &maps->list[i];
	}
	return NULL;
}
