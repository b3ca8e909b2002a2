// SPDX-License-Identifier: GPL-2.0
/* mseal report: refusals, summed by program, operation and object. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "child.h"
#include "maps.h"
#include "print.h"
#include "tally.h"
#include "tool.h"
#include "trace.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ "output", 'O', "FILE", 0, "Write the report to this file", 0 },
	{ 0 },
};

struct report {
	struct trace_filter filter;
	struct tally tally;
	const char *output;
	char **program;		/* NULL: whatever runs anyway */
	bool json;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct report *report = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &report->filter;
		return 0;
	case 'j':
		report->json = true;
		return 0;
	case 'O':
		report->output = arg;
		return 0;
	case ARGP_KEY_ARGS:
		report->program = state->argv + state->next;
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
	.args_doc = "[-- PROGRAM [ARGUMENT...]]",
	.doc = "Sums what seals refuse by program, operation and what is mapped "
	       "there: in all processes until it is interrupted, or in PROGRAM "
	       "and what it starts, until that ends.  Needs root.\v"
	       "Ends as PROGRAM did, or 0; 1 if tracing isn't permitted, 2 if the "
	       "arguments are wrong, 4 if the kernel seals without a trace, 5 if "
	       "the module isn't loaded.",
};

/* The process goes on meanwhile, so this is what is there now, if it still is. */
static void add(struct tally *tally, const struct trace_event *event)
{
	FILE *file = maps_open(event->pid);
	const struct mapping *mapping;
	struct maps maps = { 0 };

	if (file) {
		maps_read(file, &maps);
		fclose(file);
	}
	mapping = maps_find(&maps, event->start);
	if (mapping)
		tally_add(tally, event,
			  *mapping->name ? mapping->name : "[anonymous]");
	else
		tally_add(tally, event, maps.nr ? "[unmapped]" : "[ended]");
	maps_free(&maps);
}

static bool tell(const struct trace_event *event, void *context)
{
	add(context, event);
	return true;
}

static void print(const struct tally *tally)
{
	size_t i;

	printf("%8s %-16s %-9s %-8s %s\n", "count", "program", "verdict",
	       "op", "object");
	for (i = 0; i < tally->nr; i++) {
		const struct tally_line *line = &tally->lines[i];

		printf("%8" PRIu64 " ", line->count);
		print_safely(stdout, line->comm);
		printf("%*s %-9s %-8s ", (int)(16 - strlen(line->comm)), "",
		       trace_verdict(line->kind), line->op);
		print_safely(stdout, line->object);
		putchar('\n');
	}
	if (tally->others)
		printf("%8" PRIu64 " of others\n", tally->others);
	if (trace_lost())
		printf("%8" PRIu64 " or more lost, which came too fast\n",
		       trace_lost());
}

static void print_json(const struct tally *tally)
{
	size_t i;

	json_open(NULL, '{');
	json_open("refusals", '[');
	for (i = 0; i < tally->nr; i++) {
		const struct tally_line *line = &tally->lines[i];

		json_open(NULL, '{');
		json_number("count", line->count);
		json_string("comm", line->comm);
		json_string("verdict", trace_verdict(line->kind));
		json_string("op", line->op);
		json_string("object", line->object);
		json_close('}');
	}
	json_close(']');
	json_number("others", tally->others);
	json_number("lost", trace_lost());
	json_close('}');
	json_done();
}

/* What the program prints is none of the report. */
static void redirect(const char *output)
{
	if (output && !freopen(output, "we", stdout))
		tool_fail(TOOL_FAILED, "report: %s: %s", output,
			  strerror(errno));
}

int tool_report(int argc, char **argv)
{
	struct report report = { 0 };
	pid_t child = 0;
	int status;

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &report);
	if (report.program)
		child = child_prepare(report.program);
	redirect(report.output);
	trace_start("report", false, child);
	if (child)
		child_let_go();
	status = trace_follow(&report.filter, child, tell, &report.tally);
	trace_stop();
	tally_sort(&report.tally);
	(report.json ? print_json : print)(&report.tally);
	tally_free(&report.tally);
	return status;
}
