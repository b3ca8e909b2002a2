// SPDX-License-Identifier: GPL-2.0
/* Which advice a seal refuses, by kind of mapping: the whole table. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "peek.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define COLUMNS		6
#define OWN		0x77
#define OF_ANON		0x11
#define OF_FILE		0xa1

static void make_ro(void)
{
	layout_map(arena, "r");
}

static void make_rw(void)
{
	layout_map(arena, "w");
}

static void make_none(void)
{
	layout_map(arena, "n");
}

static void make_shared_ro(void)
{
	layout_map(arena, "q");
}

static void make_file_ro(void)
{
	layout_map(arena, "f");
}

/* Written to before it became read-only: that is what a discard would lose. */
static void make_own_ro(void)
{
	layout_map(arena, "p");
	memset(arena, OWN, page);
	ck_assert_int_eq(mprotect(arena, page, PROT_READ), 0);
}

static const struct column {
	const char *name;
	void (*make)(void);
	int content;
} columns[COLUMNS] = {
	{ "read-only", make_ro, OF_ANON },
	{ "writable", make_rw, OF_ANON },
	{ "no access", make_none, OF_ANON },
	{ "read-only shared", make_shared_ro, OF_ANON },
	{ "read-only private file", make_file_ro, OF_FILE },
	{ "read-only private file with own data", make_own_ro, OWN },
};

/* What success leaves: a byte, or one of these. */
enum { UNREADABLE = -1, KEPT = -2, ANYTHING = -3 };
/* An answer that depends on the kernel; with the seal it has to be the same. */
#define SAME	(-1)

enum child { INHERITS, GETS_NONE, GETS_ZEROS };

#define P	EPERM
#define I	EINVAL
#define A	EACCES
#define ALLOWED		.unsealed = { 0 }, .sealed = { 0 }, .left = ALL(KEPT)
#define ALL(x)	{ x, x, x, x, x, x }

static const struct advice {
	const char *name;
	int number;
	int unsealed[COLUMNS], sealed[COLUMNS];
	int left[COLUMNS];
	enum child child;
} advices[] = {
	{ "DONTNEED", 4, { 0, 0, 0, 0, 0, 0 }, { P, 0, P, 0, 0, 0 },
	  { 0, 0, 0, KEPT, KEPT, OF_FILE }, INHERITS },
	{ "DONTNEED_LOCKED", 24, { 0, 0, 0, 0, 0, 0 }, { P, 0, P, 0, 0, 0 },
	  { 0, 0, 0, KEPT, KEPT, OF_FILE }, INHERITS },
	{ "FREE", 8, { 0, 0, 0, I, I, I }, { P, 0, P, I, I, I }, ALL(ANYTHING),
	  INHERITS },
	{ "REMOVE", 9, { I, I, I, SAME, A, A }, { P, I, P, SAME, A, A },
	  { KEPT, KEPT, KEPT, 0, KEPT, KEPT }, INHERITS },
	{ "DONTFORK", 10, { 0, 0, 0, 0, 0, 0 }, { P, 0, P, 0, 0, 0 }, ALL(KEPT),
	  GETS_NONE },
	{ "WIPEONFORK", 18, { 0, 0, 0, I, I, I }, { P, 0, P, I, I, I }, ALL(KEPT),
	  GETS_ZEROS },
	{ "GUARD_INSTALL", 102, { 0, 0, 0, 0, 0, 0 }, { P, 0, P, 0, 0, 0 },
	  ALL(UNREADABLE), INHERITS },
	{ "NORMAL", 0, ALLOWED },
	{ "RANDOM", 1, ALLOWED },
	{ "SEQUENTIAL", 2, ALLOWED },
	{ "WILLNEED", 3, ALLOWED },
	{ "DOFORK", 11, ALLOWED },
	{ "MERGEABLE", 12, ALLOWED },
	{ "UNMERGEABLE", 13, ALLOWED },
	{ "HUGEPAGE", 14, ALLOWED },
	{ "NOHUGEPAGE", 15, ALLOWED },
	{ "DONTDUMP", 16, ALLOWED },
	{ "DODUMP", 17, ALLOWED },
	{ "KEEPONFORK", 19, ALLOWED },
	{ "COLD", 20, ALLOWED },
	{ "PAGEOUT", 21, ALLOWED },
	{ "GUARD_REMOVE", 103, ALLOWED },
	{ "POPULATE_READ", 22, { 0, 0, I, 0, 0, 0 }, { 0, 0, I, 0, 0, 0 }, ALL(KEPT),
	  INHERITS },
	{ "POPULATE_WRITE", 23, { I, 0, I, I, I, I }, { I, 0, I, I, I, I },
	  ALL(KEPT), INHERITS },
	{ "no advice", 77, ALL(I), ALL(I), ALL(KEPT), INHERITS },
	{ "negative", -1, ALL(I), ALL(I), ALL(KEPT), INHERITS },
};

struct cell {
	const struct advice *advice;
	int column;
	bool known, sealed;
	int same;	/* without the seal, the answer that isn't in the table */
};

static int byte_left(const struct cell *cell, long ret)
{
	int left = ret ? KEPT : cell->advice->left[cell->column];

	return left == KEPT ? columns[cell->column].content : left;
}

static void expect_byte(const struct cell *cell, const char *who, int want)
{
	int got = peek(arena);

	ck_assert_msg(want == ANYTHING || got == want, "%s%s, %s: byte %d, not %d",
		      cell->sealed ? "sealed " : "", columns[cell->column].name, who,
		      got, want);
}

struct heir {
	const struct cell *cell;
	int want;
};

static void expect_inherited(void *arg)
{
	const struct heir *heir = arg;

	expect_byte(heir->cell, "child", heir->want);
}

static int byte_inherited(const struct cell *cell, long ret)
{
	if (!ret && cell->advice->child == GETS_NONE)
		return UNREADABLE;
	if (!ret && cell->advice->child == GETS_ZEROS)
		return 0;
	return byte_left(cell, ret);
}

static int wanted(const struct cell *cell)
{
	const int *answers = cell->sealed ? cell->advice->sealed :
			     cell->advice->unsealed;

	if (!cell->known)
		return EINVAL;
	return answers[cell->column] == SAME ? cell->same : answers[cell->column];
}

static void advise_cell(void *arg)
{
	const struct cell *cell = arg;
	const struct column *column = &columns[cell->column];
	struct page_state was, is;
	struct heir heir = { .cell = cell };
	long ret;

	column->make();
	if (cell->sealed)
		ck_assert_int_eq(seal(arena, page), 0);
	was = page_state(arena);
	ret = entry_call(CALL_MADVISE, arena, page, cell->advice->number);
	ck_assert_msg(ret == -wanted(cell), "%s%s: want %d, got %ld (%s)",
		      cell->sealed ? "sealed " : "", column->name, wanted(cell), -ret,
		      strerror((int)-ret));
	expect_byte(cell, "afterwards", byte_left(cell, ret));
	heir.want = byte_inherited(cell, ret);
	in_child(expect_inherited, &heir);
	is = page_state(arena);
	ck_assert(state_same(&was, &is));
	ck_assert_int_eq(is_sealed(arena), cell->sealed);
}

static void ask_unsealed(void *arg)
{
	struct cell *cell = arg;

	columns[cell->column].make();
	_exit(-(int)entry_call(CALL_MADVISE, arena, page, cell->advice->number));
}

/* Neither 0 nor EACCES would be an answer of a kernel known. */
static int measure(struct cell *cell)
{
	int answer = wait_status(child_start(ask_unsealed, cell)) >> 8;

	ck_assert(!answer || answer == EACCES);
	return answer;
}

static void table(int row)
{
	struct cell cell = { .advice = &advices[row] };
	int i;

	need_peek();
	/* The number is checked even for nothing at all. */
	cell.known = !entry_call(CALL_MADVISE, arena, 0, cell.advice->number);
	for (i = 0; i < COLUMNS; i++) {
		cell.column = i;
		cell.sealed = false;
		if (cell.known && cell.advice->unsealed[i] == SAME)
			cell.same = measure(&cell);
		in_child(advise_cell, &cell);
		cell.sealed = true;
		in_child(advise_cell, &cell);
	}
	/* That the seal doesn't change its answer is all that was to be seen. */
	if (!cell.known && cell.advice->unsealed[0] != EINVAL)
		skip("this kernel doesn't know the advice");
}

static const struct test_case cases[] = {
	ROWS(table, advices),
};

SUITE(madvise, cases, ENTRY_USUAL);
SUITE(madvise_int80, cases, ENTRY_INT80);
SUITE(madvise_tagged, cases, ENTRY_TAGGED);
