// SPDX-License-Identifier: GPL-2.0
/* Operations again and again, for who looks on from outside the guest. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "clock.h"

#define MAX_LOOPED	32

static const struct op *const all_ops[] = {
	passing_ops, refused_ops, process_ops, sealing_ops,
};

static const struct op *looped[MAX_LOOPED];
static size_t nr_looped;

static const struct op *op_named(const char *name)
{
	const struct op *op;
	size_t i;

	for (i = 0; i < sizeof(all_ops) / sizeof(all_ops[0]); i++)
		for (op = all_ops[i]; op->name; op++)
			if (!strcmp(op->name, name))
				return op;
	fprintf(stderr, "no operation %s\n", name);
	exit(2);
}

/* Lines ADDRESS TYPE NAME [MODULE]: what is code. */
static void print_symbols(void)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char line[512];

	if (!symbols)
		give_up("kallsyms");
	while (fgets(line, sizeof(line), symbols))
		if (strlen(line) > 18 && strchr("tTwW", line[17]))
			fputs(line, stdout);
	fclose(symbols);
}

void loop_announce(char *const names[])
{
	for (; *names && nr_looped < MAX_LOOPED; names++) {
		looped[nr_looped] = op_named(*names);
		printf("op %016lx %s\n", (unsigned long)looped[nr_looped]->cost, *names);
		nr_looped++;
	}
	printf("clock %016lx\n", (unsigned long)clock_call);
	print_symbols();
	fflush(stdout);
}

bool loop(unsigned long rounds)
{
	size_t i;

	if (!nr_looped)
		return false;
	puts("ready");
	fflush(stdout);
	while (rounds--)
		for (i = 0; i < nr_looped; i++)
			looped[i]->cost();
	return true;
}
