// SPDX-License-Identifier: GPL-2.0
/* Every type of seal, alone and in pairs, against every operation. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "device.h"
#include "hugetlb.h"
#include "mem.h"
#include "proc.h"
#include "release.h"
#include "report.h"
#include "type_ops.h"

#define NR_TYPES	8

/* Sealed memory stays, so each set of types gets a place of its own. */
static char *place(unsigned int nth)
{
	return arena + nth * 64 * page;
}

static void expect(const struct type_op *op, __u64 types, long got, long want)
{
	ck_assert_msg(got == want, "%s with types %#llx: want %ld, got %ld", op->name,
		      (unsigned long long)types, want, got);
}

static void cross_one(const struct type_op *op, __u64 types, char *at)
{
	bool refused = type_model_refuses(op, types);
	struct snap *before;

	types_given(at, op->layout, types);
	before = snap_take(at, strlen(op->layout));
	expect(op, types, op->run(at), refused ? -EPERM : 0);
	if (refused)
		snap_expect_same(before);
	else
		layout_expect(at, op->after ? op->after : op->layout);
	snap_free(before);
}

static void cross(int row)
{
	const struct type_op *op = &type_ops[row];
	unsigned int a, b, nth = 0;

	cross_one(op, 0, place(nth++));
	for (a = 0; a < NR_TYPES; a++)
		for (b = a; b < NR_TYPES; b++)
			cross_one(op, 1ULL << a | 1ULL << b, place(nth++));
}

/* What is refused once stays refused, whatever is sealed besides. */
static void monotone(int row)
{
	const struct type_op *op = &type_ops[row];
	unsigned int first, added, nth = 0;
	struct snap *before;

	for (first = 0; first < NR_TYPES; first++) {
		__u64 types = 1ULL << first;
		char *at = place(nth++);

		if (!type_model_refuses(op, types))
			continue;
		types_given(at, op->layout, types);
		before = snap_take(at, strlen(op->layout));
		for (added = 1; added < 1 << NR_TYPES; added = added * 3 + 1) {
			device_seal(at, strlen(op->layout) * page, added & 0xff);
			expect(op, types, op->run(at), -EPERM);
			snap_expect_same(before);
		}
		snap_free(before);
	}
}

static const struct freeze_row {
	const char *name;
	__u64 have, add;
	long want;
} freeze_rows[] = {
	{ "the same", MSEAL_T_FREEZE | MSEAL_T_UNMAP, MSEAL_T_UNMAP, 0 },
	{ "itself", MSEAL_T_FREEZE, MSEAL_T_FREEZE, 0 },
	{ "another", MSEAL_T_FREEZE | MSEAL_T_UNMAP, MSEAL_T_PROTECT, -EPERM },
	{ "the same and another", MSEAL_T_FREEZE | MSEAL_T_UNMAP,
	  MSEAL_T_UNMAP | MSEAL_T_PROTECT, -EPERM },
	{ "one that is included", MSEAL_T_FREEZE | MSEAL_T_UNMAP, MSEAL_T_OVER, -EPERM },
	{ "native", MSEAL_T_FREEZE, MSEAL_T_NATIVE, -EPERM },
	{ "not frozen", MSEAL_T_UNMAP, MSEAL_T_PROTECT, 0 },
};

static void frozen(int row)
{
	const struct freeze_row *f = &freeze_rows[row];

	types_given(arena, "W", f->have);
	ck_assert_int_eq(device_seal(arena, page, f->add), f->want);
	if (f->want)
		ck_assert_int_eq(mprotect(arena, page, PROT_READ), 0);
}

/* A frozen page in the middle keeps those beside it from a new type, too. */
static void frozen_between(int row)
{
	(void)row;
	types_given(arena, "wWw", MSEAL_T_FREEZE | MSEAL_T_OVER);
	ck_assert_int_eq(device_seal(arena, 3 * page, MSEAL_T_PROTECT), -EPERM);
	layout_expect_sealed(arena, "www");
	ck_assert_int_eq(device_seal(arena, 3 * page, MSEAL_T_OVER), 0);
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_PROTECT), 0);
	layout_expect_sealed(arena, "Www");
	ck_assert_int_eq(device_seal(arena, 4 * page, MSEAL_T_PROTECT), -ENOMEM);
}

static int move_onto(char *to)
{
	return mremap(arena, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to ?
	       0 : -errno;
}

static void unsealed_moves_onto(void *to)
{
	ck_assert_int_eq(move_onto(to), 0);
}

/* The call says a page, and means a huge one: what lies behind is mapped over, too. */
static void huge_page_moves_onto(int row)
{
	size_t huge = hugetlb_size();
	char *to = arena + 2 * huge;
	struct snap *before;

	(void)row;
	if (!release_since(5, 16))
		skip("this kernel's mremap() doesn't know huge pages");
	hugetlb_map(arena, 1);
	layout_map(to + page, "w");
	in_child(unsealed_moves_onto, to);
	ck_assert_int_eq(device_seal(to + page, page, MSEAL_T_OVER), 0);
	before = snap_take(to + page, 1);
	ck_assert_int_eq(move_onto(to), -EPERM);
	snap_expect_same(before);
	ck_assert(is_mapped(arena) && !is_mapped(to));
}

static const struct test_case cases[] = {
	LONG_ROWS(cross, type_ops, 120),
	LONG_ROWS(monotone, type_ops, 120),
	ROWS(frozen, freeze_rows),
	CASE(frozen_between),
	CASE(huge_page_moves_onto),
};

SUITE(types, cases, ENTRY_USUAL);
