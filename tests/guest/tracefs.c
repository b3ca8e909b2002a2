// SPDX-License-Identifier: GPL-2.0
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "tracefs.h"

#define DIRECTORY	"/sys/kernel/tracing/"

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), DIRECTORY "%s", name);
	file = fopen(path, "we");
	ck_assert_msg(file, "%s: %s", path, strerror(errno));
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_msg(!fclose(file), "%s: %s", path, strerror(errno));
}

static void mount_if_needed(void)
{
	need_root();
	if (access(DIRECTORY "trace", F_OK))
		mount("none", DIRECTORY, "tracefs", 0, NULL);
}

static bool can_be_traced(const char *function)
{
	FILE *file = fopen(DIRECTORY "available_filter_functions", "re");
	bool found = false;
	char line[256];

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, " \n")] = '\0';
		found = !strcmp(line, function);
	}
	fclose(file);
	return found;
}

void trace_calls_of(const char *function)
{
	mount_if_needed();
	if (!can_be_traced(function))
		skip("%s() can't be traced", function);
	put("set_ftrace_filter", function);
	put("current_tracer", "function");
	put("trace", "");
	put("tracing_on", "1");
}

long trace_called(void)
{
	FILE *file = fopen(DIRECTORY "trace", "re");
	char line[512];
	long n = 0;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		n += line[0] != '#';
	fclose(file);
	put("current_tracer", "nop");
	put("set_ftrace_filter", "");
	return n;
}

#define PROBE	"events/mseal_test/returns/enable"

void trace_returns_of(const char *function, int nested)
{
	char line[128];

	mount_if_needed();
	if (access(DIRECTORY "kprobe_events", W_OK))
		skip("no probes on this kernel");
	snprintf(line, sizeof(line), "r%d:mseal_test/returns %s", nested, function);
	put("kprobe_events", line);
	put(PROBE, "1");
}

long trace_returned(void)
{
	FILE *file = fopen(DIRECTORY "kprobe_profile", "re");
	long hits = -1;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, " returns %ld", &hits), 1);
	fclose(file);
	put(PROBE, "0");
	put("kprobe_events", "");
	return hits;
}

void trace_begin(void)
{
	char pid[16];

	mount_if_needed();
	snprintf(pid, sizeof(pid), "%d", getpid());
	put("set_event_pid", pid);
	put("trace", "");
	put("events/mseal/enable", "1");
	put("tracing_on", "1");
}

/* What stands behind a key, which is the first to look like that. */
static const char *value(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	ck_assert_msg(at, "no %s in event: %s", key, line);
	return at + strlen(key);
}

static void copy(char *to, size_t room, const char *from, const char *end)
{
	size_t len = end - from;

	ck_assert_uint_lt(len, room);
	memcpy(to, from, len);
	to[len] = '\0';
}

static bool parse(const char *line, struct trace_event *event)
{
	const char *name = strstr(line, ": mseal_");
	const char *comm;

	if (!name)
		return false;
	memset(event, 0, sizeof(*event));
	name += 2;
	copy(event->name, sizeof(event->name), name, strchr(name, ':'));
	event->pid = atoi(value(name, " pid="));
	event->start = strtoul(value(name, " start="), NULL, 16);
	event->end = strtoul(value(name, " end="), NULL, 16);
	event->types = strtoull(value(name, " types="), NULL, 16);
	comm = value(name, " comm=");
	if (strcmp(event->name, "mseal_denied")) {
		copy(event->comm, sizeof(event->comm), comm, strstr(comm, " start="));
		return true;
	}
	copy(event->comm, sizeof(event->comm), comm, strstr(comm, " op="));
	comm = value(name, " op=");
	copy(event->op, sizeof(event->op), comm, strstr(comm, " start="));
	event->ip = strtoul(value(name, " ip="), NULL, 16);
	return true;
}

size_t trace_take(struct trace_event *events, size_t room)
{
	FILE *file = fopen(DIRECTORY "trace", "re");
	struct trace_event event;
	char line[512];
	size_t n = 0;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		if (parse(line, &event) && n++ < room)
			events[n - 1] = event;
	fclose(file);
	put("trace", "");
	return n;
}
