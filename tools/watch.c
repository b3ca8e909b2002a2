// SPDX-License-Identifier: GPL-2.0
/* mseal watch: refusals as they happen. */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "print.h"
#include "seals.h"
#include "tool.h"
#include "trace.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON, a line for each event", 0 },
	{ "sealed", 's', NULL, 0, "Show what is sealed, too", 0 },
	{ "count", 'n', "N", 0, "End after so many events", 0 },
	{ 0 },
};

struct watch {
	struct trace_filter filter;
	bool json, with_seals;
	long left;		/* 0: no matter how many */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct watch *watch = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &watch->filter;
		return 0;
	case 'j':
		watch->json = true;
		return 0;
	case 's':
		watch->with_seals = true;
		return 0;
	case 'n':
		watch->left = tool_number("watch: count", arg, 1, INT32_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { .argp = &trace_argp }, { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Shows what seals refuse as it happens, in all processes, until "
	       "it is interrupted.  Needs root.\v"
	       "Ends 0; 1 if tracing isn't permitted, 2 if the arguments are "
	       "wrong, 4 if the kernel seals without a trace, 5 if the module "
	       "isn't loaded.",
};

static void print(const struct trace_event *event)
{
	time_t seconds = event->time / 1000000000;
	struct tm broken;
	char clock[16];

	localtime_r(&seconds, &broken);
	strftime(clock, sizeof(clock), "%H:%M:%S", &broken);
	printf("%s.%06u ", clock,
	       (unsigned int)(event->time % 1000000000 / 1000));
	print_safely(stdout, event->comm);
	printf("[%d] %s%s%s %s 0x%" PRIx64 "-0x%" PRIx64 " ", event->pid,
	       colour(event->kind == TRACE_REFUSED ? COLOUR_BAD : COLOUR_DIM),
	       trace_verdict(event->kind), colour_end(), event->op,
	       event->start, event->end);
	seals_print_types(stdout, event->types);
	if (event->ip)
		printf(" by 0x%" PRIx64, event->ip);
	putchar('\n');
}

static void print_json(const struct trace_event *event)
{
	json_open(NULL, '{');
	json_number("time_us", event->time / 1000);
	json_string("verdict", trace_verdict(event->kind));
	json_number("pid", event->pid);
	json_string("comm", event->comm);
	json_string("op", event->op);
	json_address("start", event->start);
	json_address("end", event->end);
	seals_json_types("types", event->types);
	json_address("ip", event->ip);
	json_close('}');
	json_done();
}

/* That the reader has gone is an end like another; every other error is told. */
static bool let_read(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	if (errno == EPIPE)
		clearerr(stdout);
	return false;
}

static bool tell(const struct trace_event *event, void *context)
{
	struct watch *watch = context;

	if (watch->json)
		print_json(event);
	else
		print(event);
	return let_read() && (!watch->left || --watch->left);
}

int tool_watch(int argc, char **argv)
{
	struct watch watch = { 0 };

	argp_parse(&argp, argc, argv, 0, NULL, &watch);
	trace_start("watch", watch.with_seals, 0);
	trace_follow(&watch.filter, 0, tell, &watch);
	trace_stop();
	return TOOL_OK;
}
