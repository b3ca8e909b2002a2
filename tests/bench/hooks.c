// SPDX-License-Identifier: GPL-2.0
/* How many hooked functions an operation enters, as the function tracer sees it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/mseal_dev.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

#define TRACING	"/sys/kernel/tracing/"

static void put(const char *file, const char *text, int how)
{
	int fd = open(file, O_WRONLY | how);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		give_up(file);
	close(fd);
}

static void follow_hooks(void)
{
	struct mseal_hook hooks[32];
	struct mseal_info info = {
		.size = sizeof(info),
		.hooks = (uintptr_t)hooks,
		.nr_hooks = 32,
	};
	unsigned int i;

	if (ioctl(sealing_device(), MSEAL_IOC_INFO, &info) || info.nr_hooks > 32)
		give_up("MSEAL_IOC_INFO");
	for (i = 0; i < info.nr_hooks; i++)
		put(TRACING "set_ftrace_filter", hooks[i].function, O_APPEND);
}

static unsigned int entered(void)
{
	FILE *trace = fopen(TRACING "trace", "re");
	unsigned int n = 0;
	char line[256];

	if (!trace)
		give_up("trace");
	while (fgets(line, sizeof(line), trace))
		n += line[0] != '#';
	fclose(trace);
	put(TRACING "trace", "\n", O_TRUNC);
	return n;
}

static void count(const struct op *op)
{
	for (; op->name; op++) {
		if (op->rounds == 1)
			continue;
		op->cost();
		printf("%s|hooks|%u|1\n", op->name, entered());
	}
}

void count_hooks(void)
{
	int tracing_on;

	mount("none", TRACING, "tracefs", 0, NULL);
	put(TRACING "tracing_on", "0", 0);
	put(TRACING "set_ftrace_filter", "\n", O_TRUNC);
	follow_hooks();
	put(TRACING "current_tracer", "function", 0);
	put(TRACING "trace", "\n", O_TRUNC);
	tracing_on = open(TRACING "tracing_on", O_WRONLY | O_CLOEXEC);
	if (tracing_on < 0)
		give_up("tracing_on");
	clock_trace(tracing_on);
	count(passing_ops);
	count(process_ops);
	clock_trace(-1);
	put(TRACING "current_tracer", "nop", 0);
	close(tracing_on);
}
