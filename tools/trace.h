/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The module's tracepoints, through an instance of tracefs that nobody else uses and
 * that goes away with the command.
 */
#ifndef MSEAL_TOOL_TRACE_H
#define MSEAL_TOOL_TRACE_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum trace_kind { TRACE_REFUSED, TRACE_REPORTED, TRACE_SEALED };

struct trace_event {
	enum trace_kind kind;
	uint64_t time;		/* ns since 1970 */
	pid_t pid;
	char comm[17];
	const char *op;		/* "seal" if kind is TRACE_SEALED */
	uint64_t start, end, types, ip;
};

/* Which events are wanted, and for how long: options that commands share. */
struct trace_filter {
	pid_t pid;		/* 0: of all */
	const char *comm;	/* NULL: of all */
	const char *op;		/* NULL: all */
	long seconds;		/* 0: until a signal ends it */
};

extern const struct argp trace_argp;

/*
 * Ends the command with a line if there is nothing to trace. What @child does, and
 * what it starts, is traced, or everything if it is 0.
 */
void trace_start(const char *command, bool with_seals, pid_t child);

/*
 * Calls back for each event that the filter wants until that returns false, the time
 * is over, or a signal wants an end. A child gets that signal, or SIGTERM when the
 * time is over, and then the end is its own. Returns its status.
 */
int trace_follow(const struct trace_filter *filter, pid_t child,
		 bool (*tell)(const struct trace_event *event, void *context),
		 void *context);

/* Takes the instance away; says if events were lost. */
void trace_stop(void);

/* How many came faster than they were read, and maybe more. */
uint64_t trace_lost(void);

/* How a verdict is called in what is printed. */
const char *trace_verdict(enum trace_kind kind);

#endif /* MSEAL_TOOL_TRACE_H */
