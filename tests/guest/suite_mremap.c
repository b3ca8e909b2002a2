// SPDX-License-Identifier: GPL-2.0
/* mremap(): whatever is refused leaves source, destination and tail alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "entry.h"
#include "kinds.h"
#include "mem.h"
#include "proc.h"
#include "release.h"
#include "report.h"
#include "sealer.h"
#include "twin.h"

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

#define MOVE	MREMAP_MAYMOVE
#define TO	(MREMAP_MAYMOVE | MREMAP_FIXED)
#define KEEP	(MREMAP_MAYMOVE | MREMAP_DONTUNMAP)
#define BAD	8
#define UPPER	(1L << 32)

/* The twin's range is the source; the rest is counted in pages, too. */
struct remap {
	struct twin twin;
	long new;
	int flags;
	long to;
	long to_skew;
};

/* A refusal may not leave a mapping anywhere else either. */
static long mapped_pages(void)
{
	return file_number("/proc/self/statm");
}

static long op_mremap(const struct twin *twin, char *addr, size_t len)
{
	const struct remap *r = (const struct remap *)twin;
	long pages = mapped_pages();
	long ret = entry_call6(CALL_MREMAP, (long)addr, (long)len, r->new * (long)page,
			       r->flags, (long)(arena + r->to * (long)page) +
			       r->to_skew, 0);

	if (ret == -EPERM)
		ck_assert_int_eq(mapped_pages(), pages);
	return done(ret);
}

#define ROW(name, layout, from, pages, ...)	\
	.twin = { name, layout, op_mremap, from, pages, __VA_ARGS__ }
#define BY(pages, how)	.new = pages, .flags = how

static const struct remap sources[] = {
	{ ROW("nothing to do", "W", 0, 1, .want = EPERM), .new = 1 },
	{ ROW("nothing to do, may move", "W", 0, 1, .want = EPERM), BY(1, MOVE) },
	{ ROW("shrink", "WWW", 0, 3, .want = EPERM, .after = "w.."), .new = 1 },
	{ ROW("shrink, may move", "WW", 0, 2, .want = EPERM, .after = "w."), BY(1, MOVE) },
	{ ROW("shrink the end", "WWW", 1, 2, .want = EPERM, .after = "ww."),
	  .new = 1 },
	{ ROW("length 1", "W", 0, 0, .extra = 1, .want = EPERM), .new = 1 },
	{ ROW("length rounded up", "WW", 0, 1, .extra = 1, .want = EPERM,
	      .after = "w."), .new = 1 },
	{ ROW("grow in place", "W.", 0, 1, .want = EPERM, .after = "ww"), .new = 2 },
	{ ROW("grow in place, may move", "W.", 0, 1, .want = EPERM, .after = "ww"),
	  BY(2, MOVE) },
	{ ROW("grow, no room", "Wr", 0, 1, .want = EPERM, .twin = ENOMEM), .new = 2 },
	{ ROW("grow and move", "Wr", 0, 1, .want = EPERM, .after = ".r"), BY(2, MOVE) },
	{ ROW("grow one of several", "WWW", 1, 1, .want = EPERM, .after = "w.w"),
	  BY(2, MOVE) },
	{ ROW("move", "W..", 0, 1, .want = EPERM, .after = "..w"), BY(1, TO), .to = 2 },
	{ ROW("move onto another", "W.r", 0, 1, .want = EPERM, .after = "..w"),
	  BY(1, TO), .to = 2 },
	{ ROW("move down", ".fW", 2, 1, .want = EPERM, .after = "wf."), BY(1, TO), .to = 0 },
	{ ROW("move and shrink", "WW.r", 0, 2, .want = EPERM, .after = "...w"),
	  BY(1, TO), .to = 3 },
	{ ROW("move and grow", "W.rf", 0, 1, .want = EPERM, .after = "..ww"),
	  BY(2, TO), .to = 2 },
	{ ROW("move the middle", "WWW.r", 1, 1, .want = EPERM, .after = "w.w.w"),
	  BY(1, TO), .to = 4 },
	{ ROW("read only", "R.w", 0, 1, .want = EPERM, .after = "..r"), BY(1, TO), .to = 2 },
	{ ROW("file", "F.w", 0, 1, .want = EPERM, .after = "..f"), BY(1, TO), .to = 2 },
	{ ROW("shared file", "G.w", 0, 1, .want = EPERM, .after = "..g"), BY(1, TO), .to = 2 },
	{ ROW("no access", "N.w", 0, 1, .want = EPERM, .after = "..n"), BY(1, TO), .to = 2 },
	{ ROW("move only the pages", "W.", 0, 1, .want = EPERM, .after = "ww"),
	  BY(1, KEEP), .to = 1 },
	{ ROW("move only the pages, to", "W.r", 0, 1, .want = EPERM, .after = "w.w"),
	  BY(1, KEEP | TO), .to = 2 },
	{ ROW("copy", "SS", 0, 0, .want = EPERM), BY(2, MOVE) },
	{ ROW("copy to", "SS.r", 0, 0, .want = EPERM, .after = "ss.s"), BY(1, TO), .to = 3 },
	{ ROW("copy private", "W", 0, 0, .want = EPERM, .twin = EINVAL), BY(1, MOVE) },
	{ ROW("head sealed, shrink", "Ww", 0, 2, .want = EPERM, .after = "w."),
	  .new = 1 },
	{ ROW("head sealed, move", "Ww.r", 0, 2, .want = EPERM, .after = "..ww"),
	  BY(2, TO), .to = 2 },
	{ ROW("head sealed, other behind", "Ww", 0, 1, .want = EPERM), BY(1, 0) },
	{ ROW("tail sealed, shrink", "wwWW", 0, 4, .want = EPERM, .after = "ww.."),
	  .new = 2 },
	{ ROW("last page sealed, shrink", "wwwW", 0, 4, .want = EPERM,
	      .after = "w..."), .new = 1 },
	{ ROW("tail sealed, another mapping", "wwR", 0, 3, .want = EPERM,
	      .after = "w.."), .new = 1 },
	{ ROW("tail sealed, behind a hole", "w.R", 0, 3, .want = EPERM,
	      .after = "w.."), .new = 1 },
	{ ROW("tail sealed, to a hole", "wwW.", 0, 3, .want = EPERM, .after = "...w"),
	  BY(1, TO), .to = 3 },
	{ ROW("all other mappings, grow", "wR", 0, 2, .want = EFAULT, .twin = EFAULT),
	  BY(3, MOVE) },
};

static void refused(int row)
{
	twin_run(&sources[row].twin);
}

/* One mapping for us; where seals split, other calls. */
static const struct remap parts[] = {
	{ ROW("nothing to do, end sealed", "wW", 0, 2, .want = EPERM), .new = 2 },
	{ ROW("grow, end sealed", "wWr", 0, 2, .want = EPERM, .after = "..r"),
	  BY(3, MOVE) },
	{ ROW("grow, middle sealed", "wWw.", 0, 3, .want = EPERM, .after = "wwww"),
	  .new = 4 },
	{ ROW("shrink, middle sealed", "wWww", 0, 4, .want = EPERM, .after = "ww.."),
	  .new = 2 },
	{ ROW("move, end sealed", "wW.r", 0, 2, .want = EPERM, .after = "..ww"),
	  BY(2, TO), .to = 2 },
	{ ROW("move, middle sealed", "wWw..r", 0, 3, .want = EPERM,
	      .after = "...www"), BY(3, TO), .to = 3 },
	{ ROW("move only the pages, end sealed", "wW.r", 0, 2, .want = EPERM,
	      .after = "wwww"), BY(2, KEEP | TO), .to = 2 },
	{ ROW("move and shrink, tail sealed", "wwW.r", 0, 3, .want = EPERM,
	      .after = "....w"), BY(1, TO), .to = 4 },
	{ ROW("move and shrink, tail of another mapping", "wwR.r", 0, 3,
	      .want = EPERM, .after = "....w"), BY(1, TO), .to = 4 },
	{ ROW("move, sealed is another mapping", "wR.f", 0, 2, .want = EFAULT,
	      .twin = EFAULT, .after = "wr.."), BY(2, TO), .to = 2 },
};

static void part_refused(int row)
{
	twin_run(&parts[row].twin);
}

static const struct remap destinations[] = {
	{ ROW("whole", "w.R", 0, 1, .want = EPERM, .after = "..w"), BY(1, TO), .to = 2 },
	{ ROW("first of two", "ww.Rr", 0, 2, .want = EPERM, .after = "...ww"),
	  BY(2, TO), .to = 3 },
	{ ROW("second of two", "ww.rR", 0, 2, .want = EPERM, .after = "...ww"),
	  BY(2, TO), .to = 3 },
	{ ROW("second of two mappings", "ww.fR", 0, 2, .want = EPERM,
	      .after = "...ww"), BY(2, TO), .to = 3 },
	{ ROW("behind a hole", "ww..R", 0, 2, .want = EPERM, .after = "...ww"),
	  BY(2, TO), .to = 3 },
	{ ROW("grown into", "w.fR", 0, 1, .want = EPERM, .after = "..ww"), BY(2, TO), .to = 2 },
	{ ROW("shrunk onto", "ww.R", 0, 2, .want = EPERM, .after = "...w"), BY(1, TO), .to = 3 },
	{ ROW("file", "w.G", 0, 1, .want = EPERM, .after = "..w"), BY(1, TO), .to = 2 },
	{ ROW("move only the pages", "w.R", 0, 1, .want = EPERM, .after = "w.w"),
	  BY(1, KEEP | TO), .to = 2 },
	{ ROW("copy", "s.R", 0, 0, .want = EPERM, .after = "s.s"), BY(1, TO), .to = 2 },
	{ ROW("copy of itself", "S.S", 0, 0, .want = EPERM, .after = "s.s"), BY(1, TO), .to = 2 },
};

static void destination_refused(int row)
{
	twin_run(&destinations[row].twin);
}

/* What a seal doesn't concern: other errors come first, neighbours move. */
static const struct remap others[] = {
	{ ROW("new length 0", "W", 0, 1, .want = EINVAL, .twin = EINVAL), .new = 0 },
	{ ROW("unknown flag", "W", 0, 1, .want = EINVAL, .twin = EINVAL), BY(1, BAD) },
	{ ROW("fixed without may move", "W.", 0, 1, .want = EINVAL, .twin = EINVAL),
	  BY(1, MREMAP_FIXED), .to = 1 },
	{ ROW("pages only without may move", "W.", 0, 1, .want = EINVAL,
	      .twin = EINVAL), BY(1, MREMAP_DONTUNMAP), .to = 1 },
	{ ROW("pages only with another length", "WW.", 0, 2, .want = EINVAL,
	      .twin = EINVAL), BY(1, KEEP), .to = 1 },
	{ ROW("unaligned", "WW", 0, 1, .skew = 1, .want = EINVAL, .twin = EINVAL),
	  .new = 1 },
	{ ROW("hole", "W.", 1, 1, .want = EFAULT, .twin = EFAULT), .new = 1 },
	{ ROW("hole before", ".W", 0, 2, .want = EFAULT, .twin = EFAULT), BY(3, MOVE) },
	{ ROW("hole, onto sealed", "R..", 1, 1, .want = EFAULT, .twin = EFAULT),
	  BY(1, TO), .to = 0 },
	{ ROW("page before moves", "wW..", 0, 1, .after = ".w.w",
	      .sealed_after = ".W.w"), BY(1, TO), .to = 3 },
	{ ROW("page after moves", "Ww..", 1, 1, .after = "w..w",
	      .sealed_after = "W..w"), BY(1, TO), .to = 3 },
	{ ROW("page after shrinks", "Www", 1, 2, .after = "ww.",
	      .sealed_after = "Ww."), .new = 1 },
	{ ROW("page after grows", "Ww.", 1, 1, .after = "www",
	      .sealed_after = "Www"), .new = 2 },
	{ ROW("grows up to the seal", "w.R", 0, 1, .after = "wwr",
	      .sealed_after = "wwR"), .new = 2 },
	{ ROW("can't grow into the seal", "wR", 0, 1, .want = ENOMEM,
	      .twin = ENOMEM), .new = 2 },
	{ ROW("can't grow into its own sealed part", "wW", 0, 1, .want = ENOMEM,
	      .twin = ENOMEM), .new = 2 },
	{ ROW("can't grow over a hole into the seal", "w.R", 0, 1, .want = ENOMEM,
	      .twin = ENOMEM), .new = 3 },
	{ ROW("moves rather than grow into the seal", "wR", 0, 1, .after = ".r",
	      .sealed_after = ".R"), BY(2, MOVE) },
	{ ROW("moves out of its mapping to grow", "wW", 0, 1, .after = ".w",
	      .sealed_after = ".W"), BY(2, MOVE) },
	{ ROW("moves beside the seal", "w.R", 0, 1, .after = ".wr",
	      .sealed_after = ".wR"), BY(1, TO), .to = 1 },
};

/* Where it isn't so, part of the call is carried out for a hole. */
static bool kernel_looks_first(void)
{
	void *hole = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert(hole != MAP_FAILED && !munmap(hole, page));
	return mremap(hole, page, page, 0) == MAP_FAILED;
}

static void other(int row)
{
	if (others[row].twin.twin == EFAULT && !kernel_looks_first())
		skip("this kernel's mremap() acts before it looks");
	twin_run(&others[row].twin);
}

/* The destination is judged before the source since 6.17. */
static const struct remap bad_destinations[] = {
	{ ROW("unaligned", "W..", 0, 1, .want = EINVAL, .twin = EINVAL),
	  BY(1, TO), .to = 2, .to_skew = 1 },
	{ ROW("overlap", "WWW", 0, 2, .want = EINVAL, .twin = EINVAL), BY(2, TO), .to = 1 },
	{ ROW("overlap by growth", ".WW", 1, 1, .want = EINVAL, .twin = EINVAL),
	  BY(2, TO), .to = 0 },
	{ ROW("itself", "W", 0, 1, .want = EINVAL, .twin = EINVAL), BY(1, TO), .to = 0 },
};

static void bad_destination(int row)
{
	twin_run(&bad_destinations[row].twin);
}

static void bad_destination_of_the_kernel(int row)
{
	const struct remap r = {
		ROW("destination in the kernel", "W", 0, 1, .want = EINVAL,
		    .twin = EINVAL), BY(1, TO), .to_skew = 1L << 62,
	};

	(void)row;
	twin_run(&r.twin);
}

/* A 64-bit program may leave anything in the upper halves of its registers. */
static const struct remap upper_halves[] = {
	{ ROW("source", "W.r", 0, 1, .skew = UPPER, .want = EPERM, .after = "..w"),
	  BY(1, TO), .to = 2 },
	{ ROW("old length", "W.r", 0, 1, .extra = UPPER, .want = EPERM,
	      .after = "..w"), BY(1, TO), .to = 2 },
	{ ROW("destination", "w.R", 0, 1, .want = EPERM, .after = "..w"),
	  BY(1, TO), .to = 2, .to_skew = UPPER },
	{ ROW("tail", "wwW", 0, 3, .extra = UPPER, .skew = UPPER, .want = EPERM,
	      .after = "w.."), .new = 1 },
};

static void upper_half(int row)
{
	twin_run(&upper_halves[row].twin);
}

struct target {
	const struct map_kind *kind;
	char *at;
	size_t len;
};

/* Aligned for huge pages, too. */
#define ELSEWHERE	(HIGH_ARENA + (1L << 30))

static int move_away(const struct target *t)
{
	return mremap(t->at, t->len, t->len, TO, ELSEWHERE) == MAP_FAILED ? -1 : 0;
}

static void unsealed_moves(void *arg)
{
	struct target *t = arg;

	t->at = kind_of_child(t->kind, t->at, &t->len);
	ck_assert_msg(!move_away(t), "mremap: %s", strerror(errno));
	ck_assert(!is_mapped(t->at) && is_mapped(ELSEWHERE));
}

static void kind_refused(int row)
{
	struct target t = { .kind = &map_kinds[row] };
	struct page_state was, is;
	struct snap *before;

	if (!strcmp(t.kind->name, "hugetlb") && !release_since(5, 16))
		skip("this kernel's mremap() doesn't know huge pages");
	t.at = t.kind->make(&t.len);
	in_child(unsealed_moves, &t);
	before = snap_take(t.at, t.kind->restless ? 0 : t.len / page);
	was = page_state(t.at);
	ck_assert_msg(!seal(t.at, t.len), "seal: %s", strerror(errno));
	ck_assert_int_eq(move_away(&t), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_ptr_eq(mremap(t.at, t.len, t.len, 0), MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	ck_assert(!is_mapped(ELSEWHERE));
	is = page_state(t.at);
	ck_assert(state_same(&was, &is));
	snap_expect_same(before);
}

static const struct test_case cases[] = {
	ROWS(refused, sources),
	ROWS(part_refused, parts),
	ROWS(destination_refused, destinations),
	ROWS(other, others),
	ROWS(bad_destination, bad_destinations),
	CASE(bad_destination_of_the_kernel),
	ROWS(kind_refused, map_kinds),
};

static const struct test_case int80_cases[] = {
	ROWS(refused, sources),
	ROWS(part_refused, parts),
	ROWS(destination_refused, destinations),
	ROWS(other, others),
	ROWS(bad_destination, bad_destinations),
	ROWS(upper_half, upper_halves),
};

static const struct test_case tagged_cases[] = {
	ROWS(refused, sources),
	ROWS(part_refused, parts),
	ROWS(destination_refused, destinations),
	ROWS(other, others),
	ROWS(bad_destination, bad_destinations),
};

SUITE(mremap, cases, ENTRY_USUAL);
SUITE(mremap_int80, int80_cases, ENTRY_INT80);
SUITE(mremap_tagged, tagged_cases, ENTRY_TAGGED);
