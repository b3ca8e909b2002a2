// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

#define MAX_LINES	512

struct line {
	char who[96];
	char what[160];
};

static struct report {
	atomic_int nr_skips, nr_notes;
	struct line skips[MAX_LINES];
	struct line notes[MAX_LINES];
} *report;

void report_init(void)
{
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
}

static void add(struct line *lines, atomic_int *nr, const char *format, va_list args)
{
	int i = atomic_fetch_add(nr, 1);

	ck_assert_int_lt(i, MAX_LINES);
	snprintf(lines[i].who, sizeof(lines[i].who), "%s", tcase_name());
	vsnprintf(lines[i].what, sizeof(lines[i].what), format, args);
}

void skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(report->skips, &report->nr_skips, format, args);
	va_end(args);
	exit(EXIT_SUCCESS);
}

void need_root(void)
{
	if (geteuid())
		skip("not root");
}

void note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(report->notes, &report->nr_notes, format, args);
	va_end(args);
}

static void print(const char *title, const struct line *lines, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		printf("%s %s: %s\n", title, lines[i].who, lines[i].what);
}

int report_print(void)
{
	print("note", report->notes, report->nr_notes);
	print("skipped", report->skips, report->nr_skips);
	return report->nr_skips;
}
