// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of every call fails once: the call says so, and nothing has
 * changed.  The last of each row's attempts is the one in which none fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"
#include "suites.h"

#define R		PROT_READ
#define MAX_PAGES	8
#define MAX_SITES	1000

/* Capitals are sealed with the types; in @after a letter or '.' for a hole. */
struct fault_row {
	const char *name;
	const char *layout;
	__u64 types;
	void (*prepare)(char *at);
	long (*op)(char *at);
	bool inherited;		/* tried by a child that shares the set */
	unsigned int sites;	/* allocations of the module that may fail */
	const char *after;
	/* What the kernel may leave if it fails half-way; NULL: what was. */
	const char *torn;
};

static long seal_page(char *at, size_t nr, __u64 types)
{
	return device_seal(at + nr * page, page, types);
}

static long seal_first(char *at)
{
	return seal_page(at, 0, MSEAL_T_NATIVE);
}

static long seal_second(char *at)
{
	return seal_page(at, 1, MSEAL_T_NATIVE);
}

static long seal_third(char *at)
{
	return seal_page(at, 2, MSEAL_T_NATIVE);
}

static long seal_all(char *at)
{
	return device_seal(at, 3 * page, MSEAL_T_NATIVE);
}

static long unmap_middle(char *at)
{
	return munmap(at + page, page) ? -errno : 0;
}

static long map_over_middle(char *at)
{
	return mmap(at + page, page, R, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED ? -errno : 0;
}

static long shrink(char *at)
{
	return mremap(at, 3 * page, page, 0) == MAP_FAILED ? -errno : 0;
}

static long query(char *at)
{
	struct mseal_record record;

	return device_query(at, &record, 1) == 1 ? 0 : -ENOENT;
}

static void keep_first(char *at)
{
	ck_assert_int_eq(madvise(at, page, MADV_DONTFORK), 0);
}

static void keep_second(char *at)
{
	ck_assert_int_eq(madvise(at + page, page, MADV_DONTFORK), 0);
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

static bool looks(char *at, const char *layout)
{
	char is[MAX_PAGES + 1], want[MAX_PAGES + 1];

	return layout && !strcmp(look(at, is), meant(layout, want));
}

static void expect(char *at, const char *layout)
{
	char is[MAX_PAGES + 1], want[MAX_PAGES + 1];

	ck_assert_str_eq(look(at, is), meant(layout, want));
}

/* What the child has got tells its exit status. */
static long fork_and_look(const char *want)
{
	char is[MAX_PAGES + 1], state[MAX_PAGES + 1];
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid)
		_exit(!!strcmp(look(arena, is), meant(want, state)));
	while (waitpid(pid, &status, 0) != pid)
		;
	return status ? -EDOM : 0;
}

static long fork_all(char *at)
{
	(void)at;
	return fork_and_look("WwW");
}

static long fork_without_first(char *at)
{
	(void)at;
	return fork_and_look(".wW");
}

static long fork_without_second(char *at)
{
	(void)at;
	return fork_and_look("W.W");
}

#define NATIVE	MSEAL_T_NATIVE
#define PROTECT	MSEAL_T_PROTECT

static const struct fault_row rows[] = {
	{ "first seal", "ww", 0, NULL, seal_first, false, 3, "Ww", NULL },
	{ "one more", "Wwww", NATIVE, NULL, seal_third, false, 1, "WwWw", NULL },
	{ "joined", "WwW", NATIVE, NULL, seal_second, false, 1, "WWW", NULL },
	{ "more types", "WWW", PROTECT, NULL, seal_second, false, 3, "WWW", NULL },
	{ "across gaps", "wWw", PROTECT, NULL, seal_all, false, 1, "WWW", NULL },
	{ "inherited", "WwWw", NATIVE, NULL, seal_second, true, 4, "WWWw", NULL },
	{ "trim", "WWW", PROTECT, NULL, unmap_middle, false, 2, "W.W", NULL },
	{ "trim inherited", "WWW", PROTECT, NULL, unmap_middle, true, 4, "W.W", NULL },
	{ "trim all", "wWw", PROTECT, NULL, unmap_middle, false, 0, "w.w", NULL },
	{ "map over", "WWW", PROTECT, NULL, map_over_middle, false, 2,
	  "WwW", "W.W" },
	{ "shrink", "WWW", PROTECT, NULL, shrink, false, 1, "W..", NULL },
	{ "query", "W", NATIVE, NULL, query, false, 0, "W", NULL },
	{ "fork", "WwW", NATIVE, NULL, fork_all, false, 0, "WwW", NULL },
	{ "fork of inherited", "WwW", NATIVE, NULL, fork_all, true, 0, "WwW", NULL },
	{ "fork without first", "WwW", NATIVE, keep_first, fork_without_first,
	  false, 0, "WwW", NULL },
	{ "fork without middle", "WWW", NATIVE, keep_second,
	  fork_without_second, false, 0, "WWW", NULL },
};

struct attempt {
	const struct fault_row *row;
	enum fault_scope scope;
	unsigned int nth;
	unsigned int *left;	/* shared */
};

static void try_it(void *arg)
{
	const struct attempt *a = arg;
	const struct fault_row *row = a->row;
	long ret;

	fault_begin(a->nth);
	ret = row->op(arena);
	*a->left = fault_end();
	if (*a->left) {
		ck_assert_int_eq(ret, 0);
		expect(arena, row->after);
		return;
	}
	/* The kernel may do without something of its own. */
	if (a->scope == FAULT_NAMED || ret)
		ck_assert_int_eq(ret, -ENOMEM);
	if (a->scope == FAULT_NAMED || !ret || !looks(arena, row->torn))
		expect(arena, ret ? row->layout : row->after);
}

static void in_new_process(void *arg)
{
	const struct attempt *a = arg;
	const char *layout = a->row->layout;
	size_t i;

	layout_map(arena, layout);
	for (i = 0; layout[i]; i++)
		if (layout[i] >= 'A' && layout[i] <= 'Z')
			ck_assert_int_eq(seal_page(arena, i, a->row->types), 0);
	if (a->row->prepare)
		a->row->prepare(arena);
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
	unsigned int *left = mmap(NULL, page, R | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct attempt a = { .row = row, .scope = scope, .left = left };

	ck_assert_ptr_ne(left, MAP_FAILED);
	do {
		a.nth++;
		ck_assert_uint_lt(a.nth, MAX_SITES);
		in_child(in_new_process, &a);
	} while (!*left);
	ck_assert(settles(nothing_held, NULL));
	return a.nth - 1;
}

static unsigned int sweep_scope(int row, enum fault_scope scope)
{
	fault_scope(scope);
	fault_show(scope == FAULT_NAMED);
	return sweep(&rows[row], scope);
}

/* The module's, then anybody's. */
static void each_allocation(int row)
{
	fault_need();
	mseal_load();
	sealer_open();
	ck_assert_uint_eq(sweep_scope(row, FAULT_NAMED), rows[row].sites);
	note("%s: %u allocations failed", rows[row].name,
	     sweep_scope(row, FAULT_ANY));
}

static const struct test_case cases[] = {
	LONG_ROWS(each_allocation, rows, 300),
};

SUITE(faults, cases, ENTRY_USUAL);
