// SPDX-License-Identifier: GPL-2.0
/* Seals on trial: nothing is refused, and all that would have been is counted. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "type_ops.h"

#define NR_TYPES	8
#define ALL		0xffULL
#define NR_OPS		(MSEAL_OP_SEAL + 1)

struct counts {
	struct mseal_count of[NR_OPS];
	struct mseal_info info;
};

static void take(struct counts *counts)
{
	counts->info = (struct mseal_info) {
		.size = sizeof(counts->info),
		.nr_counts = NR_OPS,
		.counts = (unsigned long)counts->of,
	};
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &counts->info, 0);
	ck_assert_uint_eq(counts->info.nr_counts, NR_OPS);
}

static enum mseal_op counted_as(const struct type_op *op)
{
	if (op->effect & (RELOCATES | RESIZES) || !strncmp(op->name, "mremap", 6))
		return MSEAL_OP_REMAP;
	if (op->effect & UNMAPS)
		return MSEAL_OP_UNMAP;
	if (op->effect & REPLACES)
		return MSEAL_OP_MAP;
	if (op->effect & SETS_ACCESS)
		return MSEAL_OP_PROTECT;
	return op->effect & ADDS_PROTECT ? MSEAL_OP_SEAL : MSEAL_OP_DISCARD;
}

/* How much more there is of an operation, and of all together. */
static void expect_more(const struct counts *old, enum mseal_op op,
			unsigned int refused, bool reported)
{
	struct counts now = {};
	unsigned int i;

	take(&now);
	for (i = 0; i < NR_OPS; i++)
		ck_assert_uint_eq(now.of[i].refused - old->of[i].refused,
				  i == op ? refused : 0);
	ck_assert_uint_eq(now.info.refusals - old->info.refusals, refused);
	if (reported)
		ck_assert_uint_gt(now.of[op].reported, old->of[op].reported);
	else
		ck_assert_uint_eq(now.info.reports, old->info.reports);
}

static char *place(unsigned int nth)
{
	return arena + nth * 64 * page;
}

static void pass_one(const struct type_op *op, __u64 types, char *at)
{
	bool counts = type_model_refuses(op, types);
	struct counts before = {};
	long got;

	types_given(at, op->layout, types | MSEAL_T_REPORT);
	take(&before);
	got = op->run(at);
	ck_assert_msg(!got, "%s with %#llx on trial: %ld", op->name,
		      (unsigned long long)types, got);
	expect_more(&before, counted_as(op), 0, counts);
	layout_expect(at, op->after ? op->after : op->layout);
}

/* Every operation passes, as it would without seals. */
static void passes(int row)
{
	const struct type_op *op = &type_ops[row];
	unsigned int type, nth = 0;

	for (type = 0; type < NR_TYPES; type++)
		pass_one(op, 1ULL << type, place(nth++));
	pass_one(op, ALL, place(nth++));
}

static void refuse_one(const struct type_op *op, __u64 types, __u64 trial,
		       char *at)
{
	bool refused = type_model_refuses(op, types);
	struct counts before = {};
	struct snap *snap;

	types_given(at, op->layout, types);
	device_seal(at, strlen(op->layout) * page, trial | MSEAL_T_REPORT);
	snap = snap_take(at, strlen(op->layout));
	take(&before);
	ck_assert_int_eq(op->run(at), refused ? -EPERM : 0);
	if (refused) {
		expect_more(&before, counted_as(op), 1, false);
		snap_expect_same(snap);
	}
	snap_free(snap);
}

/* What is in force stays in force. */
static void force_stays(int row)
{
	const struct type_op *op = &type_ops[row];
	unsigned int type, nth = 0;

	for (type = 0; type < NR_TYPES; type++) {
		__u64 types = 1ULL << type;

		refuse_one(op, types, ALL & ~MSEAL_T_FREEZE, place(nth++));
		if (types != MSEAL_T_FREEZE)
			refuse_one(op, types, types, place(nth++));
	}
}

/* A listing tells the two kinds apart, and a range's end is where either ends. */
static void listed(int row)
{
	struct mseal_record records[4];

	(void)row;
	layout_map(arena, "www");
	ck_assert_int_eq(device_seal(arena, 2 * page, MSEAL_T_UNMAP), 0);
	ck_assert_int_eq(device_seal(arena + page, 2 * page,
				     MSEAL_T_PROTECT | MSEAL_T_KILL | MSEAL_T_REPORT), 0);
	ck_assert_uint_eq(device_query(arena, records, 4), 3);
	ck_assert_uint_eq(records[0].types, MSEAL_T_UNMAP);
	ck_assert_uint_eq(records[0].reported, 0);
	ck_assert_uint_eq(records[1].types, MSEAL_T_UNMAP);
	ck_assert_uint_eq(records[1].reported, MSEAL_T_PROTECT | MSEAL_T_KILL);
	ck_assert_uint_eq(records[2].types, 0);
	ck_assert_uint_eq(records[2].reported, MSEAL_T_PROTECT | MSEAL_T_KILL);
	ck_assert_uint_eq(records[2].end, (unsigned long)arena + 3 * page);
}

/* Memory that goes takes its trial with it. */
static void gone_with_memory(int row)
{
	struct mseal_record records[4];

	(void)row;
	layout_map(arena, "www");
	ck_assert_int_eq(device_seal(arena, 3 * page, ALL | MSEAL_T_REPORT), 0);
	ck_assert_int_eq(munmap(arena + page, page), 0);
	ck_assert_uint_eq(device_query(arena, records, 4), 2);
	ck_assert_uint_eq(records[0].end, (unsigned long)arena + page);
	ck_assert_uint_eq(records[1].start, (unsigned long)arena + 2 * page);
}

/* A frozen page lets no trial in, nor does a trial of FREEZE keep anything out. */
static void frozen(int row)
{
	(void)row;
	layout_map(arena, "ww");
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_FREEZE), 0);
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_UNMAP | MSEAL_T_REPORT), -EPERM);
	ck_assert_int_eq(device_seal(arena + page, page,
				     MSEAL_T_FREEZE | MSEAL_T_REPORT), 0);
	ck_assert_int_eq(device_seal(arena + page, page, MSEAL_T_UNMAP), 0);
	ck_assert_int_eq(munmap(arena + page, page), -1);
	ck_assert_int_eq(errno, EPERM);
}

static const char *const op_names[NR_OPS] = {
	"unmap", "map", "protect", "remap", "discard", "seal",
};

static void names(int row)
{
	struct counts counts = {};
	unsigned int i;

	(void)row;
	take(&counts);
	for (i = 0; i < NR_OPS; i++)
		ck_assert_str_eq(counts.of[i].name, op_names[i]);
}

static const struct test_case cases[] = {
	LONG_ROWS(passes, type_ops, 120),
	LONG_ROWS(force_stays, type_ops, 120),
	CASE(listed),
	CASE(gone_with_memory),
	CASE(frozen),
	CASE(names),
};

SUITE(types_report, cases, ENTRY_USUAL);
