// SPDX-License-Identifier: GPL-2.0
/*
 * Seals and changes of mappings at random, next to a model that predicts every
 * answer and, now and then, all mappings and all sealed ranges.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "random_model.h"
#include "report.h"

#define OPS		1000000
/* Seals gather until nothing moves; then life goes on with fresh pages. */
#define GENERATION	20000
#define LOOK_EVERY	5000

static const struct seed_row {
	const char *name;
	uint64_t seed;
} seeds[] = {
	{ "1", 1 }, { "2", 2 }, { "3", 3 },
};

static uint64_t state;
static char *base;

/* SplitMix64: small, and the same everywhere. */
static uint64_t random_u64(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned int below(unsigned int limit)
{
	return random_u64() % limit;
}

static struct step random_step(void)
{
	static const int prots[] = {
		PROT_NONE, PROT_READ, PROT_READ, PROT_READ | PROT_WRITE,
		PROT_READ | PROT_WRITE,
	};
	struct step step = {
		.from = below(MODEL_PAGES),
		.prot = prots[below(ARRAY_SIZE(prots))],
		/* One or two types, of those that are here. */
		.types = 1ULL << below(8) | 1ULL << below(8),
	};
	unsigned int room = MODEL_PAGES - step.from;

	if (below(8) && room > 4)
		room = 4;
	step.pages = 1 + below(room);
	step.to = (step.from + 1 + below(MODEL_PAGES - 1)) % MODEL_PAGES;
	step.call = below(16) ? 1 + below(NR_STEPS - 1) : STEP_SEAL;
	if (below(64))
		step.types &= ~(__u64)(MSEAL_T_UNMAP | MSEAL_T_FREEZE);
	if (!step.types)
		step.types = MSEAL_T_PROTECT;
	return step;
}

static long run(const struct step *step)
{
	char *at = base + step->from * page, *to = base + step->to * page;
	size_t len = step->pages * page;
	void *got = NULL;
	int ret = 0;

	switch (step->call) {
	case STEP_SEAL:
		return device_seal(at, len, step->types);
	case STEP_UNMAP:
		ret = munmap(at, len);
		break;
	case STEP_MAP:
		got = mmap(at, len, step->prot, MAP_FIXED | MAP_PRIVATE |
			   MAP_ANONYMOUS, -1, 0);
		break;
	case STEP_PROTECT:
		ret = mprotect(at, len, step->prot);
		break;
	case STEP_MOVE:
		got = mremap(at, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, to);
		break;
	case STEP_SHRINK:
		got = mremap(at, 2 * page, page, 0);
		break;
	case STEP_DISCARD:
		ret = madvise(at, len, MADV_DONTNEED);
		break;
	default:
		abort();
	}
	return ret || got == MAP_FAILED ? -errno : 0;
}

static void expect_mappings(const struct model *model, unsigned long seed, long nth)
{
	unsigned int i;

	for (i = 0; i < MODEL_PAGES; i++) {
		struct page_state now = page_state(base + i * page);

		ck_assert_msg(now.mapped == model->pages[i].mapped &&
			      (!now.mapped || page_prot(base + i * page) ==
			       model->pages[i].prot),
			      "seed %lu, step %ld: page %u is %s", seed, nth, i,
			      now.mapped ? now.perm : "not mapped");
	}
}

/* The list of ranges begins where neighbours differ. */
static void expect_seals(const struct model *model, unsigned long seed, long nth)
{
	struct mseal_record records[MODEL_PAGES + 1];
	unsigned int i, nr, seen = 0;

	nr = device_query(base, records, MODEL_PAGES + 1);
	for (i = 0; i < MODEL_PAGES; i++) {
		__u64 types = model->pages[i].types;
		unsigned long at = (unsigned long)base + i * page;

		if (!types) {
			ck_assert(!seen || records[seen - 1].end <= at);
			continue;
		}
		if (i && model->pages[i - 1].types == types) {
			ck_assert_uint_gt(records[seen - 1].end, at);
			continue;
		}
		ck_assert_msg(seen < nr && records[seen].start == at &&
			      records[seen].types == types,
			      "seed %lu, step %ld: page %u isn't told of", seed, nth, i);
		seen++;
		ck_assert_msg(seen == 1 || records[seen - 2].end <= at,
			      "seed %lu, step %ld: page %u twice", seed, nth, i);
	}
	ck_assert_msg(seen == nr, "seed %lu, step %ld: %u ranges, not %u", seed,
		      nth, nr, seen);
}

static void lives(int row)
{
	long nth, nr = scaled(OPS), refused = 0;
	unsigned long seed = seeds[row].seed;
	static struct model model;

	state = seed;
	/* Such an address space is known as sealed from the first step on. */
	layout_map(arena - 2 * page, "w");
	ck_assert_int_eq(device_seal(arena - 2 * page, page, MSEAL_T_PROTECT), 0);
	for (nth = 0; nth < nr; nth++) {
		struct step step = random_step();
		long want, got;

		if (nth % GENERATION == 0) {
			memset(&model, 0, sizeof(model));
			base = arena + nth / GENERATION * 2 * MODEL_PAGES * page;
		}
		want = model_step(&model, &step);
		got = run(&step);

		ck_assert_msg(got == want,
			      "seed %lu, step %ld: call %d, page %u of %u to %u, prot %d, types %#llx: want %ld, got %ld",
			      seed, nth, step.call, step.from, step.pages, step.to,
			      step.prot, (unsigned long long)step.types, want, got);
		refused += got == -EPERM;
		if ((nth + 1) % LOOK_EVERY)
			continue;
		expect_mappings(&model, seed, nth);
		expect_seals(&model, seed, nth);
	}
	expect_mappings(&model, seed, nth);
	expect_seals(&model, seed, nth);
	note("seed %lu: %ld steps, %ld refused", seed, nr, refused);
}

static const struct test_case cases[] = {
	LONG_ROWS(lives, seeds, 1200),
};

SUITE(types_random, cases, ENTRY_USUAL);
