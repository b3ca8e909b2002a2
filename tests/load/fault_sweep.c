// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "device.h"
#include "fault.h"
#include "fault_sweep.h"
#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"

#define MAX_PAGES	8
#define MAX_SITES	1000

long fault_seal_page(char *at, size_t nr, __u64 types)
{
	return device_seal(at + nr * page, page, types);
}

/* A letter for each page: S sealed, w mapped, . neither. */
static const char *look(char *at, char state[static MAX_PAGES + 1])
{
	struct mseal_record records[MAX_PAGES];
	unsigned int nr = device_query(at, records, MAX_PAGES), i, n;

	for (i = 0; i < MAX_PAGES; i++) {
		__u64 addr = (unsigned long)at + i * page;

		state[i] = is_mapped(at + i * page) ? 'w' : '.';
		for (n = 0; n < nr; n++)
			if (records[n].start <= addr && addr < records[n].end)
				state[i] = state[i] == 'w' ? 'S' : '!';
	}
	state[MAX_PAGES] = '\0';
	return state;
}

/* The same, of a layout. */
static const char *meant(const char *layout, char state[static MAX_PAGES + 1])
{
	size_t i, len = strlen(layout);

	for (i = 0; i < MAX_PAGES; i++)
		state[i] = i >= len || layout[i] == '.' ? '.' :
			   layout[i] <= 'Z' ? 'S' : 'w';
	state[MAX_PAGES] = '\0';
	return state;
}

bool fault_looks(char *at, const char *layout)
{
	char is[MAX_PAGES + 1], want[MAX_PAGES + 1];

	return layout && !strcmp(look(at, is), meant(layout, want));
}

static void expect(char *at, const char *layout)
{
	char is[MAX_PAGES + 1], want[MAX_PAGES + 1];

	ck_assert_str_eq(look(at, is), meant(layout, want));
}

static bool there(const char *layout, size_t i)
{
	return i < strlen(layout) && layout[i] != '.';
}

static void mark(char *at, const char *layout)
{
	size_t i;

	for (i = 0; i < MAX_PAGES; i++)
		if (there(layout, i))
			at[i * page] = (char)(i + 1);
}

static void expect_marks(char *at, const char *layout)
{
	size_t i;

	for (i = 0; i < MAX_PAGES; i++)
		if (there(layout, i))
			ck_assert_int_eq(at[i * page], (int)i + 1);
}

static char *in_arena(const char *layout)
{
	layout_map(arena, layout);
	return arena;
}

struct attempt {
	const struct fault_row *row;
	enum fault_scope scope;
	unsigned int nth;
	unsigned int *left;	/* shared */
	char *at;
};

/* The kernel may do without something of its own, or break off half-way. */
static void expect_of_the_kernel(const struct attempt *a, long ret)
{
	const struct fault_row *row = a->row;

	if (ret)
		ck_assert_int_eq(ret, -ENOMEM);
	if (fault_looks(a->at, ret ? row->torn : row->spared))
		return;
	expect(a->at, ret ? row->layout : row->after);
	if (ret)
		expect_marks(a->at, row->layout);
}

static void try_it(void *arg)
{
	const struct attempt *a = arg;
	const struct fault_row *row = a->row;
	long ret;

	fault_begin(a->nth);
	ret = row->op(a->at);
	*a->left = fault_end();
	if (*a->left || (row->copes && a->scope == FAULT_NAMED)) {
		ck_assert_int_eq(ret, 0);
		expect(a->at, row->after);
	} else if (a->scope == FAULT_ANY) {
		expect_of_the_kernel(a, ret);
	} else {
		ck_assert_int_eq(ret, -ENOMEM);
		expect(a->at, row->layout);
		expect_marks(a->at, row->layout);
	}
}

static void in_new_process(void *arg)
{
	struct attempt *a = arg;
	const char *layout = a->row->layout;
	size_t i;

	a->at = a->row->place ? a->row->place(layout) : in_arena(layout);
	mark(a->at, layout);
	for (i = 0; layout[i]; i++)
		if (layout[i] >= 'A' && layout[i] <= 'Z')
			ck_assert_int_eq(fault_seal_page(a->at, i,
							 a->row->types), 0);
	if (a->row->prepare)
		a->row->prepare(a->at);
	if (a->row->inherited)
		in_child(try_it, arg);
	else
		try_it(arg);
}

static bool nothing_held(void *arg)
{
	struct mseal_info info = device_info();

	(void)arg;
	return !info.spaces && !info.ranges;
}

/* Returns how many allocations have failed, each once. */
static unsigned int sweep(const struct fault_row *row, enum fault_scope scope)
{
	unsigned int *left = mmap(NULL, page, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct attempt a = { .row = row, .scope = scope, .left = left };

	ck_assert_ptr_ne(left, MAP_FAILED);
	fault_scope(scope);
	fault_show(scope == FAULT_NAMED);
	do {
		a.nth++;
		ck_assert_uint_lt(a.nth, MAX_SITES);
		in_child(in_new_process, &a);
	} while (!*left);
	ck_assert(settles(nothing_held, NULL));
	return a.nth - 1;
}

void fault_sweep(const struct fault_row *row)
{
	fault_need();
	mseal_load();
	sealer_open();
	ck_assert_uint_eq(sweep(row, FAULT_NAMED), row->sites);
	note("%s: %u allocations failed", row->name, sweep(row, FAULT_ANY));
}
