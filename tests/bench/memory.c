// SPDX-License-Identifier: GPL-2.0
/* What a range costs in memory, as the process's control group is charged. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#define GROUPS	"/tmp/groups"

static void put(const char *file, const char *text)
{
	FILE *out = fopen(file, "we");

	if (!out || fputs(text, out) < 0 || fclose(out))
		give_up(file);
}

static long charged(void)
{
	FILE *stat = fopen(GROUPS "/sealed/memory.stat", "re");
	long bytes = -1;
	char line[128];

	if (!stat)
		give_up("memory.stat");
	while (fgets(line, sizeof(line), stat))
		sscanf(line, "slab_unreclaimable %ld", &bytes);
	fclose(stat);
	return bytes;
}

static void join_group(void)
{
	if ((mkdir(GROUPS, 0700) || mount("none", GROUPS, "cgroup2", 0, NULL)))
		give_up(GROUPS);
	put(GROUPS "/cgroup.subtree_control", "+memory");
	if (mkdir(GROUPS "/sealed", 0700))
		give_up(GROUPS "/sealed");
	put(GROUPS "/sealed/cgroup.procs", "0");
}

void measure_memory(unsigned int nr)
{
	long before;

	join_group();
	ranges_map(nr);
	seal(ranges_page(), PAGE);
	before = charged();
	ranges_seal(nr);
	printf("memory of a range|%u|%.1f|1\n", nr,
	       (double)(charged() - before) / (nr - 1));
}
