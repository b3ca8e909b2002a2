// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tracefs.h>
#include <unistd.h>

#include <mseal.h>

#include "child.h"
#include "info.h"
#include "tool.h"
#include "trace.h"

#define DENIED	"mseal_denied"
#define SEALED	"mseal_sealed"
#define PREFIX	"mseal-"
#define SECOND	1000000000LL

static struct tracefs_instance *instance;
static struct tep_handle *formats;
static uint64_t lost;
static sigset_t signals;
static int64_t to_wall_clock;

static int64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

static void need_tracepoints(const char *command)
{
	struct info info;

	info_get(&info);
	if (info.backend == MSEAL_BACKEND_NATIVE)
		tool_fail(TOOL_NO_TRACE, "%s: the kernel seals by itself, and leaves no trace of what it refuses",
			  command);
	if (!info.loaded)
		tool_fail(TOOL_NO_SEALS, "%s: %s", command, info_why(&info));
	info_free(&info);
}

/* One whose command was killed would stay for ever. */
static void sweep(const char *instances)
{
	DIR *dir = opendir(instances);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *digits = entry->d_name + strlen(PREFIX);

		if (!strncmp(entry->d_name, PREFIX, strlen(PREFIX)) &&
		    isdigit((unsigned char)*digits) &&
		    kill(atoi(digits), 0) && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

/* Under this level of lockdown no file of tracefs can be opened, by whomever. */
static void mind_lockdown(const char *command)
{
	int err = errno;
	char *level = info_line("/sys/kernel/security/lockdown");

	if (level && strstr(level, "[confidentiality]"))
		tool_fail(TOOL_FAILED, "%s: the kernel is locked down (confidentiality), so nobody can trace; seals hold all the same",
			  command);
	free(level);
	errno = err;
}

/* Returns a name to be freed; ends the command without the right to trace. */
static char *place(const char *command)
{
	const char *tracing = tracefs_tracing_dir();
	char *instances;

	if (!tracing) {
		mind_lockdown(command);
		tool_fail(TOOL_FAILED, "%s: no tracefs to be had; are you root?",
			  command);
	}
	if (asprintf(&instances, "%s/instances", tracing) < 0)
		tool_fail(TOOL_FAILED, "no memory");
	if (access(instances, W_OK | X_OK)) {
		mind_lockdown(command);
		tool_fail(TOOL_FAILED, "%s: %s: %s; are you root?", command,
			  instances, strerror(errno));
	}
	return instances;
}

static bool set(const char *file, const char *value)
{
	return tracefs_instance_file_write(instance, file, value) >= 0;
}

/* Forked children are followed from their first event on. */
static bool limit_to(pid_t child)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", child);
	return set("options/event-fork", "1") && set("set_event_pid", pid);
}

static void take_signals(void)
{
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	/* The end of whom we print to is told by an error. */
	signal(SIGPIPE, SIG_IGN);
}

void trace_start(const char *command, bool with_seals, pid_t child)
{
	static const char *const systems[] = { "mseal", NULL };
	char *instances, name[32];
	bool right;

	need_tracepoints(command);
	tracefs_set_loglevel(TEP_LOG_NONE);
	instances = place(command);
	sweep(instances);
	free(instances);
	take_signals();
	formats = tracefs_local_events_system(NULL, systems);
	snprintf(name, sizeof(name), PREFIX "%d", getpid());
	instance = formats ? tracefs_instance_create(name) : NULL;
	right = instance && set("trace_clock", "mono") &&
		set("buffer_size_kb", "256") && (!child || limit_to(child)) &&
		(!with_seals || set("events/mseal/" SEALED "/enable", "1")) &&
		set("events/mseal/" DENIED "/enable", "1");
	if (!right) {
		int err = errno;

		trace_stop();
		mind_lockdown(command);
		tool_fail(TOOL_FAILED, "%s: can't trace: %s", command,
			  strerror(err));
	}
	to_wall_clock = now(CLOCK_REALTIME) - now(CLOCK_MONOTONIC);
}

void trace_stop(void)
{
	if (instance) {
		tracefs_instance_destroy(instance);
		tracefs_instance_free(instance);
	}
	if (formats)
		tep_free(formats);
	instance = NULL;
	formats = NULL;
	if (lost)
		tool_say("events were lost, %" PRIu64 " or more", lost);
}

uint64_t trace_lost(void)
{
	return lost;
}

static uint64_t number(struct tep_event *event, struct tep_record *record,
		       const char *name)
{
	struct tep_format_field *field = tep_find_field(event, name);
	unsigned long long value = 0;

	if (field)
		tep_read_number_field(field, record->data, &value);
	return value;
}

static void text(struct tep_event *event, struct tep_record *record,
		 const char *name, char *into, size_t size)
{
	struct tep_format_field *field = tep_find_field(event, name);

	*into = '\0';
	if (field && field->offset + field->size <= record->size)
		snprintf(into, size, "%.*s", field->size,
			 (char *)record->data + field->offset);
}

static const char *op_name(uint64_t op)
{
	static const char *const names[] = {
		[MSEAL_OP_UNMAP] = "unmap",	[MSEAL_OP_MAP] = "map",
		[MSEAL_OP_PROTECT] = "protect", [MSEAL_OP_REMAP] = "remap",
		[MSEAL_OP_DISCARD] = "discard", [MSEAL_OP_SEAL] = "seal",
	};

	return op < sizeof(names) / sizeof(*names) ? names[op] : "other";
}

struct follower {
	const struct trace_filter *filter;
	bool (*tell)(const struct trace_event *event, void *context);
	void *context;
	bool enough;
};

static bool wanted(const struct trace_filter *filter,
		   const struct trace_event *event)
{
	return (!filter->pid || filter->pid == event->pid) &&
	       (!filter->comm || !strcmp(filter->comm, event->comm)) &&
	       (!filter->op || !strcmp(filter->op, event->op));
}

static int one(struct tep_event *event, struct tep_record *record, int cpu,
	       void *context)
{
	struct follower *follower = context;
	struct trace_event found = { .time = record->ts + to_wall_clock };

	(void)cpu;
	/* Or -1: some, but nobody counted them. */
	if (record->missed_events)
		lost += record->missed_events > 0 ?
			(uint64_t)record->missed_events : 1;
	if (follower->enough)
		return 0;
	found.pid = (pid_t)number(event, record, "pid");
	text(event, record, "comm", found.comm, sizeof(found.comm));
	found.start = number(event, record, "start");
	found.end = number(event, record, "end");
	found.types = number(event, record, "types");
	found.ip = number(event, record, "ip");
	if (!strcmp(event->name, SEALED)) {
		found.kind = TRACE_SEALED;
		found.op = op_name(MSEAL_OP_SEAL);
	} else {
		found.kind = found.types & MSEAL_T_REPORT ? TRACE_REPORTED :
							     TRACE_REFUSED;
		found.op = op_name(number(event, record, "op"));
	}
	if (wanted(follower->filter, &found))
		follower->enough = !follower->tell(&found, follower->context);
	return 0;
}

/* Waits for a signal, but not long; returns 0 without one. */
static int pause_for_signal(siginfo_t *from)
{
	static const struct timespec pause = { .tv_nsec = SECOND / 20 };
	int signal = sigtimedwait(&signals, from, &pause);

	return signal < 0 ? 0 : signal;
}

/* Returns the signal that wants an end, or 0. */
static int wanted_end(pid_t child, int64_t *end)
{
	siginfo_t from = { 0 };
	int signal = pause_for_signal(&from);
	/* What the terminal's keys send, the child gets by itself. */
	bool told = child && from.si_code == SI_KERNEL;

	if (signal && signal != SIGCHLD && !told)
		return signal;
	if (now(CLOCK_MONOTONIC) < *end)
		return 0;
	*end = INT64_MAX;
	return SIGTERM;
}

int trace_follow(const struct trace_filter *filter, pid_t child,
		 bool (*tell)(const struct trace_event *event, void *context),
		 void *context)
{
	struct follower follower = {
		.filter = filter,
		.tell = tell,
		.context = context,
	};
	int64_t end = filter->seconds ?
		now(CLOCK_MONOTONIC) + filter->seconds * SECOND : INT64_MAX;
	bool over = false;
	int status = 0;

	for (;;) {
		int signal;

		tracefs_iterate_raw_events(formats, instance, NULL, 0, one,
					   &follower);
		if (over || follower.enough)
			return status;
		signal = wanted_end(child, &end);
		if (child && signal)
			kill(child, signal);
		over = child ? child_ended(child, &status) : signal;
	}
}

const char *trace_verdict(enum trace_kind kind)
{
	static const char *const words[] = {
		[TRACE_REFUSED] = "refused",
		[TRACE_REPORTED] = "reported",
		[TRACE_SEALED] = "sealed",
	};

	return words[kind];
}

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "Only what this process does", 0 },
	{ "comm", 'c', "NAME", 0, "Only what processes of this name do", 0 },
	{ "op", 'o', "OPERATION", 0,
	  "Only this: unmap, map, protect, remap, discard or seal", 0 },
	{ "time", 't', "SECONDS", 0, "End after that time", 0 },
	{ 0 },
};

static const char *known_op(const char *name)
{
	unsigned int op;

	for (op = 0; op <= MSEAL_OP_SEAL; op++) {
		if (!strcmp(name, op_name(op)))
			return name;
	}
	tool_fail(TOOL_USAGE, "no operation '%s'", name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct trace_filter *filter = state->input;

	switch (key) {
	case 'p':
		filter->pid = tool_number("process", arg, 1, INT32_MAX);
		return 0;
	case 'c':
		filter->comm = arg;
		return 0;
	case 'o':
		filter->op = known_op(arg);
		return 0;
	case 't':
		filter->seconds = tool_number("time", arg, 1, INT32_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp trace_argp = { .options = options, .parser = parse };
