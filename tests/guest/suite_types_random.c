// SPDX-License-Identifier: GPL-2.0
/*
 * Seals and changes of mappings at random, next to a model that predicts every
 * answer and, now and then, all mappings and all sealed ranges.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "mem.h"
#include "proc.h"
#include "random_model.h"
#include "report.h"

#define OPS		100000
/* Seals gather until nothing moves; then life goes on with fresh pages. */
#define GENERATION	20000
#define LOOK_EVERY	5000

static const struct seed_row {
	const char *name;
	uint64_t seed;
} seeds[] = {
	{ "1", 1 }, { "2", 2 }, { "3", 3 },
};

/* Of the life that this thread leads. */
static _Thread_local uint64_t state;
static _Thread_local char *base;

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
	/* Those of others lie behind. */
	while (nr && records[nr - 1].start >= (unsigned long)base + MODEL_PAGES * page)
		nr--;
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

struct life {
	unsigned long seed;
	char *where;
	long steps, refused;
};

/* Such an address space is known as sealed from the first step on. */
static void seal_something(void)
{
	layout_map(arena - 2 * page, "w");
	ck_assert_int_eq(device_seal(arena - 2 * page, page, MSEAL_T_PROTECT), 0);
}

static void *live(void *arg)
{
	static _Thread_local struct model model;
	struct life *life = arg;
	long nth;

	state = life->seed;
	for (nth = 0; nth < life->steps; nth++) {
		struct step step = random_step();
		long want, got;

		if (nth % GENERATION == 0) {
			memset(&model, 0, sizeof(model));
			base = life->where + nth / GENERATION * 2 * MODEL_PAGES * page;
		}
		want = model_step(&model, &step);
		got = run(&step);
		if (got != want)
			ck_abort_msg("seed %lu, step %ld: call %d, page %u of %u to %u, prot %d, types %#llx: want %ld, got %ld",
				     life->seed, nth, step.call, step.from,
				     step.pages, step.to, step.prot,
				     (unsigned long long)step.types, want, got);
		life->refused += got == -EPERM;
		if ((nth + 1) % LOOK_EVERY)
			continue;
		expect_mappings(&model, life->seed, nth);
		expect_seals(&model, life->seed, nth);
	}
	expect_mappings(&model, life->seed, nth);
	expect_seals(&model, life->seed, nth);
	return NULL;
}

static void lives(int row)
{
	struct life life = {
		.seed = seeds[row].seed,
		.where = arena,
		.steps = scaled(OPS),
	};

	seal_something();
	live(&life);
	note("seed %lu: %ld steps, %ld refused", life.seed, life.steps, life.refused);
}

/* Not by way of Check, whose lock another thread may hold just now. */
static void child_comes_and_goes(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(EXIT_SUCCESS);
	ck_assert_int_gt(pid, 0);
	child_wait(pid);
}

/*
 * Several in one address space, each with pages of its own, while children come
 * and go: the one set is copied, and changed in place, at any moment.
 */
static void together(int row)
{
	struct life life[3] = { 0 };
	pthread_t threads[ARRAY_SIZE(life)];
	long children = scaled(4000);
	size_t i;

	(void)row;
	seal_something();
	for (i = 0; i < ARRAY_SIZE(life); i++) {
		life[i] = (struct life){
			.seed = 11 + i,
			.where = arena + i * 1024 * MODEL_PAGES * page,
			.steps = scaled(OPS) / 4,
		};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, live, &life[i]), 0);
	}
	for (; children > 0; children--)
		child_comes_and_goes();
	for (i = 0; i < ARRAY_SIZE(life); i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
}

static const struct test_case cases[] = {
	LONG_ROWS(lives, seeds, 1200),
	LONG_CASE(together, 1200),
};

SUITE(types_random, cases, ENTRY_USUAL);
