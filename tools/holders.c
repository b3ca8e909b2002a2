// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "holders.h"
#include "info.h"
#include "seals.h"
#include "tool.h"

static void name_of(pid_t pid, char *name, size_t size)
{
	char path[32], *line;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	line = info_line(path);
	snprintf(name, size, "%s", line ? line : "?");
	free(line);
}

static void add(struct holders *holders, pid_t pid, const struct seals *seals)
{
	struct holder *more;
	size_t i;

	more = realloc(holders->list, (holders->nr + 1) * sizeof(*more));
	if (!more)
		tool_fail(TOOL_FAILED, "no memory");
	holders->list = more;
	more += holders->nr++;
	*more = (struct holder){ .pid = pid, .ranges = seals->nr };
	name_of(pid, more->name, sizeof(more->name));
	for (i = 0; i < seals->nr; i++)
		more->bytes += seals->list[i].len;
}

/* Those that ended meanwhile, or never had memory, have no seals. */
static void look(struct holders *holders, pid_t pid)
{
	int pidfd = tool_pidfd(pid);
	struct seals seals;
	int err;

	if (pidfd < 0)
		return;
	err = seals_read(pidfd, &seals);
	if (err == -EACCES)
		holders->hidden++;
	else if (err && err != -ESRCH)
		holders->err = -err;
	else if (!err && seals.nr)
		add(holders, pid, &seals);
	seals_free(&seals);
	close(pidfd);
}

void holders_get(struct holders *holders)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	*holders = (struct holders){ .err = proc ? 0 : errno };
	while (proc && !holders->err && (entry = readdir(proc))) {
		if (isdigit((unsigned char)*entry->d_name))
			look(holders, atoi(entry->d_name));
	}
	if (proc)
		closedir(proc);
}

void holders_free(struct holders *holders)
{
	free(holders->list);
	*holders = (struct holders){ 0 };
}
