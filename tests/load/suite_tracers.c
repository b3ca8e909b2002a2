// SPDX-License-Identifier: GPL-2.0
/*
 * Those who only watch the hooked functions: they see every call, refused ones
 * too, and no seal gives way to them.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "footprint.h"
#include "mem.h"
#include "modules.h"
#include "report.h"
#include "sealed.h"
#include "suites.h"
#include "tracefs.h"

static void filter(const struct hooks *hooks)
{
	char names[MAX_HOOKS * MSEAL_NAME_LEN] = "";
	unsigned int i;

	for (i = 0; i < hooks->nr; i++) {
		strcat(names, hooks->hook[i].function);
		strcat(names, "\n");
	}
	ck_assert_int_eq(tracefs_write("set_ftrace_filter", names), 0);
}

static void function_on(const struct hooks *hooks)
{
	filter(hooks);
	ck_assert_int_eq(tracefs_write("current_tracer", "function"), 0);
}

static void graph_on(const struct hooks *hooks)
{
	filter(hooks);
	ck_assert_int_eq(tracefs_write("current_tracer", "function_graph"), 0);
}

static void probes_on(const struct hooks *hooks, char type)
{
	char line[2 * MSEAL_NAME_LEN + 16];
	unsigned int i;

	for (i = 0; i < hooks->nr; i++) {
		snprintf(line, sizeof(line), "%c:seen_%s %s\n", type,
			 hooks->hook[i].function, hooks->hook[i].function);
		ck_assert_int_eq(tracefs_append("kprobe_events", line), 0);
	}
	ck_assert_int_eq(tracefs_write("events/kprobes/enable", "1"), 0);
}

static void kprobes_on(const struct hooks *hooks)
{
	probes_on(hooks, 'p');
}

static void kretprobes_on(const struct hooks *hooks)
{
	probes_on(hooks, 'r');
}

static void all_on(const struct hooks *hooks)
{
	function_on(hooks);
	probes_on(hooks, 'p');
}

static const struct tracer {
	const char *name;
	void (*on)(const struct hooks *hooks);
	const char *seen;	/* what a call looks like in the trace */
} tracers[] = {
	{ "function", function_on, "%s <-" },
	{ "function graph", graph_on, "%s()" },
	{ "kprobe events", kprobes_on, "seen_%s:" },
	{ "kretprobe events", kretprobes_on, "seen_%s:" },
	{ "function and kprobe events", all_on, "seen_%s:" },
};

/*
 * Older kernels give the function graph a call that a hook has sent elsewhere by
 * another name; what isn't sealed isn't sent anywhere.
 */
static void call_unsealed(void)
{
	char *p = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	ck_assert_int_eq(madvise(p, page, MADV_DONTNEED), 0);
	ck_assert_int_eq(munmap(p, page), 0);
}

/* Nobody here is a 32-bit program. */
static void expect_seen(const struct hooks *hooks, const char *seen)
{
	static char trace[4 << 20];
	char call[2 * MSEAL_NAME_LEN];
	unsigned int i;

	call_unsealed();
	ck_assert_int_eq(tracefs_write("tracing_on", "0"), 0);
	ck_assert_int_eq(tracefs_read("trace", trace, sizeof(trace)), 0);
	ck_assert_int_eq(tracefs_write("tracing_on", "1"), 0);
	for (i = 0; i < hooks->nr; i++) {
		if (strstr(hooks->hook[i].guard, "32-bit"))
			continue;
		snprintf(call, sizeof(call), seen, hooks->hook[i].function);
		ck_assert_msg(strstr(trace, call), "no \"%s\" in the trace", call);
	}
}

static void after_load(int row)
{
	const struct tracer *tracer = &tracers[row];
	struct footprint *before;
	struct sealed process;
	struct hooks hooks;

	mseal_load();
	hooks_ask(&hooks);
	before = footprint_take();
	sealed_start(&process);
	sealed_check(&process);
	tracer->on(&hooks);
	sealed_check(&process);
	expect_seen(&hooks, tracer->seen);
	tracefs_reset();
	sealed_check(&process);
	sealed_end(&process);
	footprint_expect_same(before);
	mseal_unload();
}

/* The tracer is there first, and last. */
static void around_load(int row)
{
	const struct tracer *tracer = &tracers[row];
	struct footprint *before;
	struct sealed process;
	struct hooks hooks;

	mseal_load();
	hooks_ask(&hooks);
	mseal_unload();
	tracer->on(&hooks);
	before = footprint_take();
	ck_assert_int_eq(hooks_count(before), hooks.nr);
	mseal_load();
	sealed_start(&process);
	sealed_check(&process);
	expect_seen(&hooks, tracer->seen);
	sealed_end(&process);
	ck_assert(module_gone("mseal"));
	footprint_expect_same(before);
	tracefs_reset();
	footprint_expect_none();
}

static const struct test_case cases[] = {
	ROWS(after_load, tracers),
	ROWS(around_load, tracers),
};

SUITE(tracers, cases, ENTRY_USUAL);
