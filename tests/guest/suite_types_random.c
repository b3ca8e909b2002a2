// SPDX-License-Identifier: GPL-2.0
/*
 * Seals and changes of mappings at random, next to a model that predicts every
 * answer and, now and then, all mappings and all sealed ranges.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
#include "random_look.h"
#include "random_model.h"
#include "random_u64.h"
#include "report.h"

/* Of each seed's life. */
#define OPS		1000000
#define OPS_TOGETHER	25000
/* Seals gather until nothing moves; then life goes on with fresh pages. */
#define GENERATION	10000
#define LOOK_EVERY	1000
#define SIBLING_EVERY	2000
#define SIBLING_STEPS	16

/* Each with a seed of its own. */
#define LIVES		3

/* Of the life that this thread leads. */
static _Thread_local uint64_t state;
static _Thread_local char *base;

static unsigned int below(unsigned int limit)
{
	return random_u64(&state) % limit;
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
	step.call = below(6) ? 1 + below(NR_STEPS - 1) : STEP_SEAL;
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

struct life {
	unsigned long seed;
	char *where;
	long steps, refused;
	/* With a process beside it now and then that has the same seals. */
	bool siblings;
};

/* Such an address space is known as sealed from the first step on. */
static void seal_something(void)
{
	layout_map(arena - 2 * page, "w");
	ck_assert_int_eq(device_seal(arena - 2 * page, page, MSEAL_T_PROTECT), 0);
}

static void look_at_all(const struct model *model, const struct place *place)
{
	look_mappings(model, place);
	look_seals(model, place, 0, MODEL_PAGES);
}

/* At what a step can have changed, and how it goes on to both sides. */
static void look_around(const struct model *model, const struct place *place,
			const struct step *step)
{
	unsigned int from = step->from, end = from + step->pages + 1;

	look_seals(model, place, from ? from - 1 : 0,
		   end < MODEL_PAGES ? end : MODEL_PAGES);
	if (step->call == STEP_MOVE)
		look_seals(model, place, step->to, step->to + 1);
}

/* Returns the step's result. */
static long take_step(struct model *model, struct place *place)
{
	struct step step = random_step();
	long want, got;

	want = model_step(model, &step);
	got = run(&step);
	if (got != want)
		ck_abort_msg(PLACE_FORMAT "call %d, page %u of %u to %u, prot %d, types %#llx: want %ld, got %ld",
			     PLACE_WORDS(place), step.call, step.from,
			     step.pages, step.to, step.prot,
			     (unsigned long long)step.types, want, got);
	look_around(model, place, &step);
	place->step++;
	return got;
}

/*
 * A child has its parent's seals, in the same set until one of them changes it.
 * This one stays as it is until the parent closes the pipe, @fd.
 */
static void stay(const struct model *model, const struct place *place, int fd)
{
	char byte;

	if (read(fd, &byte, 1))
		ck_abort_msg("a pipe that ought to end");
	look_at_all(model, place);
}

/* This one goes on by itself, while the parent waits. */
static void go_on(struct model *model, struct place *place)
{
	int i;

	state = ~state;
	for (i = 0; i < SIBLING_STEPS; i++)
		take_step(model, place);
}

struct sibling {
	pid_t pid;
	int hold;	/* closed, it is to look, and end */
};

static void sibling_end(struct sibling *sibling)
{
	if (!sibling->pid)
		return;
	close(sibling->hold);
	child_wait(sibling->pid);
	sibling->pid = 0;
}

static void sibling_begin(struct sibling *sibling, struct model *model,
			  struct place *place)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		ck_abort_msg("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		ck_abort_msg("fork: %s", strerror(errno));
	if (!pid) {
		close(ends[1]);
		stay(model, place, ends[0]);
		_exit(EXIT_SUCCESS);
	}
	close(ends[0]);
	*sibling = (struct sibling){ .pid = pid, .hold = ends[1] };
	/* Its own changes have to be its own, too. */
	pid = fork();
	if (!pid) {
		go_on(model, place);
		_exit(EXIT_SUCCESS);
	}
	child_wait(pid);
	look_seals(model, place, 0, MODEL_PAGES);
}

static void live(struct life *life, long generation)
{
	static _Thread_local struct model model;
	static _Thread_local struct sibling sibling;
	struct place place = {
		.base = base = life->where,
		.seed = life->seed,
		.step = generation * GENERATION,
	};
	long end = place.step + GENERATION;

	state = life->seed << 32 | generation;
	memset(&model, 0, sizeof(model));
	while (place.step < life->steps && place.step < end) {
		life->refused += take_step(&model, &place) == -EPERM;
		if (life->siblings && place.step % SIBLING_EVERY == 0) {
			sibling_end(&sibling);
			sibling_begin(&sibling, &model, &place);
		}
		if (place.step % LOOK_EVERY == 0)
			look_at_all(&model, &place);
	}
	sibling_end(&sibling);
	look_at_all(&model, &place);
}

/* One generation after the other, each in a process without old pages. */
static void lead_life(void *arg)
{
	struct life *life = arg;
	long generation;

	for (generation = 0; generation * GENERATION < life->steps; generation++) {
		pid_t pid = fork();

		if (!pid) {
			live(life, generation);
			_exit(EXIT_SUCCESS);
		}
		ck_assert_int_gt(pid, 0);
		child_wait(pid);
	}
}

static void lives(int row)
{
	struct life *life = mmap(NULL, sizeof(*life) * LIVES,
				 PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[LIVES];
	int i;

	(void)row;
	ck_assert_ptr_ne(life, MAP_FAILED);
	seal_something();
	for (i = 0; i < LIVES; i++) {
		life[i] = (struct life){
			.seed = test_seed() + i,
			.where = arena,
			.steps = scaled(OPS),
			.siblings = true,
		};
		pids[i] = child_start(lead_life, &life[i]);
	}
	for (i = 0; i < LIVES; i++)
		child_wait(pids[i]);
	for (i = 0; i < LIVES; i++)
		note("MSEAL_TEST_SEED=%lu, seed %lu: %ld steps, %ld refused",
		     test_seed(), life[i].seed, life[i].steps, life[i].refused);
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

static void *lead_life_here(void *arg)
{
	struct life *life = arg;
	long generation;

	for (generation = 0; generation * GENERATION < life->steps; generation++) {
		live(life, generation);
		life->where += 2 * MODEL_PAGES * page;
	}
	return NULL;
}

/*
 * Several in one address space, each with pages of its own, while children come
 * and go: the one set is copied, and changed in place, at any moment.
 */
static void together(int row)
{
	struct life life[LIVES] = { 0 };
	pthread_t threads[LIVES];
	long children = scaled(4000);
	int i;

	(void)row;
	seal_something();
	for (i = 0; i < LIVES; i++) {
		life[i] = (struct life){
			.seed = test_seed() + 10 + i,
			.where = arena + i * 1024L * MODEL_PAGES * page,
			.steps = scaled(OPS_TOGETHER),
		};
		ck_assert_int_eq(pthread_create(&threads[i], NULL, lead_life_here,
						&life[i]), 0);
	}
	for (; children > 0; children--)
		child_comes_and_goes();
	for (i = 0; i < LIVES; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	note("MSEAL_TEST_SEED=%lu: %d lives together", test_seed(), LIVES);
}

static const struct test_case cases[] = {
	LONG_CASE(lives, 1200),
	LONG_CASE(together, 1200),
};

SUITE(types_random, cases, ENTRY_USUAL);
