// SPDX-License-Identifier: GPL-2.0
/* What the module tells of itself, and that it is true. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "device.h"
#include "keeper.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "settle.h"

#define OFFERED		0x3ff		/* MSEAL_T_FREEZE to MSEAL_T_REPORT */
#define MAX_HOOKS	64
#define MAX_COUNTS	16
#define POISON		0xcc

static void info_fields(int row)
{
	struct mseal_info info = device_info();

	(void)row;
	ck_assert_uint_eq(info.size, sizeof(info));
	ck_assert_uint_eq(info.abi, MSEAL_ABI_VERSION);
	ck_assert_uint_eq(info.types, OFFERED);
	ck_assert_uint_eq(info.state, MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS);
	ck_assert_uint_ge(info.max_ranges, 1);
	ck_assert_uint_ge(info.nr_hooks, 5);
	ck_assert_uint_eq(info.hooks, 0);
	ck_assert_ptr_nonnull(memchr(info.version, '\0', sizeof(info.version)));
	ck_assert_int_gt(info.version[0], '0' - 1);
	ck_assert_int_le(info.version[0], '9');
}

static void info_of(struct mseal_hook *hooks, __u32 room, int want, __u32 *nr)
{
	struct mseal_info info = {
		.size = sizeof(info),
		.nr_hooks = room,
		.hooks = (unsigned long)hooks,
	};

	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, want);
	*nr = info.nr_hooks;
}

static void expect_hook(const struct mseal_hook *hook)
{
	size_t length = strnlen(hook->function, sizeof(hook->function));

	ck_assert_uint_gt(length, 0);
	ck_assert_uint_lt(length, sizeof(hook->function));
	length = strnlen(hook->guard, sizeof(hook->guard));
	ck_assert_uint_gt(length, 0);
	ck_assert_uint_lt(length, sizeof(hook->guard));
}

static void info_hooks(int row)
{
	static struct mseal_hook hooks[MAX_HOOKS], few[MAX_HOOKS], poison;
	__u32 nr, again, i;

	(void)row;
	memset(&poison, POISON, sizeof(poison));
	memset(hooks, POISON, sizeof(hooks));
	memset(few, POISON, sizeof(few));
	info_of(hooks, MAX_HOOKS, 0, &nr);
	ck_assert_uint_lt(nr, MAX_HOOKS);
	for (i = 0; i < nr; i++)
		expect_hook(&hooks[i]);
	ck_assert(!memcmp(&hooks[nr], &poison, sizeof(poison)));
	/* With less room it fills what there is and tells of all. */
	info_of(few, 2, 0, &again);
	ck_assert_uint_eq(again, nr);
	for (i = 0; i < 2; i++)
		ck_assert_str_eq(few[i].function, hooks[i].function);
	ck_assert(!memcmp(&few[2], &poison, sizeof(poison)));
	info_of(few, 0, 0, &again);
	ck_assert_uint_eq(again, nr);
	info_of(NULL, 3, 0, &again);
	ck_assert_uint_eq(again, nr);
	info_of((struct mseal_hook *)-4096UL, 1, EFAULT, &again);
}

static void info_counts(int row)
{
	static struct mseal_count counts[MAX_COUNTS], poison;
	struct mseal_info info = {
		.size = sizeof(info),
		.nr_counts = MAX_COUNTS,
		.counts = (unsigned long)counts,
	};

	(void)row;
	memset(&poison, POISON, sizeof(poison));
	memset(counts, POISON, sizeof(counts));
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, 0);
	ck_assert_uint_gt(info.nr_counts, 0);
	ck_assert_uint_lt(info.nr_counts, MAX_COUNTS);
	ck_assert_int_ne(counts[info.nr_counts - 1].name[0], '\0');
	ck_assert(!memcmp(&counts[info.nr_counts], &poison, sizeof(poison)));
	info.nr_counts = 1;
	info.counts = -4096UL;
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, EFAULT);
	ck_assert_uint_eq(info.nr_counts, 1);
}

/* Others may seal meanwhile: an exact difference need only be seen once. */
static void expect_step(void (*act)(void), __u64 seals, __u64 refusals)
{
	struct mseal_info before, after;
	int tries;

	for (tries = 0; tries < 20; tries++) {
		before = device_info();
		act();
		after = device_info();
		if (after.seals == before.seals + seals &&
		    after.refusals == before.refusals + refusals)
			return;
	}
	ck_abort_msg("want %llu seals, %llu refusals more, got %llu and %llu", seals,
		     refusals, after.seals - before.seals,
		     after.refusals - before.refusals);
}

static void act_seal(void)
{
	ck_assert_int_eq(seal(arena, page), 0);
}

static void act_seal_nothing(void)
{
	ck_assert_int_eq(seal(arena + 16 * page, page), -1);
}

static void act_munmap(void)
{
	ck_assert_int_eq(munmap(arena, 4 * page), -1);
}

static void act_mmap(void)
{
	ck_assert_ptr_eq(mmap(arena, 4 * page, PROT_READ, MAP_FIXED | MAP_PRIVATE |
			      MAP_ANONYMOUS, -1, 0), MAP_FAILED);
}

static void act_mprotect(void)
{
	ck_assert_int_eq(mprotect(arena, 4 * page, PROT_READ), -1);
}

static void act_pass(void)
{
	ck_assert_int_eq(mprotect(arena + 4 * page, page, PROT_READ), 0);
	ck_assert_int_eq(munmap(arena + 8 * page, page), 0);
}

/* However many seals and mappings it meets, a refused call counts once. */
static void counters(int row)
{
	(void)row;
	layout_map(arena, "wrswnnn");
	expect_step(act_seal, 1, 0);
	expect_step(act_seal_nothing, 0, 0);
	ck_assert_int_eq(seal(arena + 2 * page, page), 0);
	expect_step(act_munmap, 0, 1);
	expect_step(act_mmap, 0, 1);
	expect_step(act_mprotect, 0, 1);
	expect_step(act_pass, 0, 0);
}

struct held {
	__u64 spaces, ranges;
	struct gate ready, leave;
};

static bool holds(void *arg)
{
	struct mseal_info info = device_info();
	struct held *held = arg;

	return info.spaces == held->spaces && info.ranges == held->ranges;
}

static void hold_three(void *arg)
{
	struct held *held = arg;

	layout_map(arena, "WwWwW");
	layout_seal(arena, "WwWwW");
	gate_open(&held->ready);
	gate_wait(&held->leave);
}

static void spaces_and_ranges(int row)
{
	struct mseal_info info = device_info();
	struct held held, now;
	pid_t pid;

	(void)row;
	/* What earlier cases had may still be on its way out. */
	held.spaces = keeper_spaces();
	held.ranges = 0;
	if (!settles(holds, &held))
		skip("other processes hold %llu spaces", info.spaces);
	gate_init(&held.ready);
	gate_init(&held.leave);
	pid = child_start(hold_three, &held);
	gate_wait(&held.ready);
	now = held;
	now.spaces++;
	now.ranges = 3;
	ck_assert(holds(&now));
	gate_open(&held.leave);
	child_wait(pid);
	ck_assert(settles(holds, &held));
}

static const struct test_case cases[] = {
	CASE(info_fields),
	CASE(info_hooks),
	CASE(info_counts),
	CASE(counters),
	CASE(spaces_and_ranges),
};

SUITE(info, cases, ENTRY_USUAL);
