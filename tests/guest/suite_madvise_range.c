// SPDX-License-Identifier: GPL-2.0
/* madvise(): the range it is given, protection keys, and who is asked. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "twin.h"

#define RW	(PROT_READ | PROT_WRITE)
#define UPPER	(1L << 32)

static long op_madvise(const struct twin *twin, char *addr, size_t len)
{
	return entry_call(CALL_MADVISE, addr, len, twin->arg);
}

#define ROW(name, layout, from, pages, advice, ...) \
	{ name, layout, op_madvise, from, pages, .arg = advice, __VA_ARGS__ }
#define DISCARD(name, layout, from, pages, ...) \
	ROW(name, layout, from, pages, MADV_DONTNEED, __VA_ARGS__)

static const struct twin refusals[] = {
	DISCARD("whole", "R", 0, 1, .want = EPERM, .after = "r"),
	DISCARD("no access", "N", 0, 1, .want = EPERM, .after = "n"),
	DISCARD("one of several", "RRR", 1, 1, .want = EPERM, .after = "rrr"),
	DISCARD("first sealed", "Rr", 0, 2, .want = EPERM, .after = "rr"),
	DISCARD("first of two mappings", "Rw", 0, 2, .want = EPERM, .after = "rw"),
	DISCARD("hole before", ".R", 0, 2, .want = EPERM, .twin = ENOMEM,
		.after = ".r"),
	DISCARD("hole after", "R.", 0, 2, .want = EPERM, .twin = ENOMEM,
		.after = "r."),
	DISCARD("behind a file", "fR", 0, 2, .want = EPERM, .after = "fr"),
	DISCARD("length 1", "R", 0, 0, .extra = 1, .want = EPERM, .after = "r"),
	DISCARD("length rounded into the seal", "fR", 0, 1, .extra = 1,
		.want = EPERM, .after = "fr"),
	/* Since 6.12 what lies before is gone by then. */
	DISCARD("behind: same mapping", "rR", 0, 2, .want = EPERM, .after = "rr"),
	DISCARD("behind: between", "rRr", 0, 3, .want = EPERM, .after = "rrr"),
	DISCARD("behind: another mapping", "wR", 0, 2, .want = EPERM,
		.after = "wr"),
	DISCARD("behind: a sealed one that may be discarded", "WR", 0, 2,
		.want = EPERM, .after = "wr"),
	DISCARD("behind: a hole, too", "w.R", 0, 3, .want = EPERM, .twin = ENOMEM,
		.after = "w.r"),
	DISCARD("behind: many mappings", "wrnfW.R", 0, 7, .want = EPERM,
		.twin = ENOMEM, .after = "wrnfw.r"),
};

static void refused(int row)
{
	twin_run(&refusals[row]);
}

static const struct twin others[] = {
	DISCARD("unaligned", "RR", 0, 1, .skew = 1, .want = EINVAL, .twin = EINVAL),
	DISCARD("length 0", "R", 0, 0),
	ROW("no advice, unaligned", "R", 0, 1, 77, .skew = 1, .want = EINVAL,
	    .twin = EINVAL),
	ROW("no advice, length 0", "R", 0, 0, 77, .want = EINVAL, .twin = EINVAL),
	DISCARD("hole", "R.", 1, 1, .want = ENOMEM, .twin = ENOMEM),
	DISCARD("writable", "W", 0, 1, .after = "w", .sealed_after = "W"),
	DISCARD("page before", "rR", 0, 1, .after = "rr", .sealed_after = "rR"),
	DISCARD("page after", "Rr", 1, 1, .after = "rr", .sealed_after = "Rr"),
	DISCARD("writable, beside a refused one", "WR", 0, 1, .after = "wr",
		.sealed_after = "WR"),
	DISCARD("writable with a hole", "W.w", 0, 3, .want = ENOMEM, .twin = ENOMEM,
		.after = "w.w", .sealed_after = "W.w"),
	ROW("allowed over everything", "wRN.F", 0, 5, MADV_RANDOM, .want = ENOMEM,
	    .twin = ENOMEM),
};

static void other(int row)
{
	twin_run(&others[row]);
}

static const struct twin lengths[] = {
	DISCARD("wraps", "R", 0, 0, .extra = -4096, .want = EINVAL, .twin = EINVAL),
	DISCARD("rounds up to 0", "R", 0, 0, .extra = -1, .want = EINVAL,
		.twin = EINVAL),
};

static void length(int row)
{
	twin_run(&lengths[row]);
}

/* The kernel takes the lower half, so that is what counts. */
static const struct twin upper_halves[] = {
	DISCARD("address", "R", 0, 1, .skew = UPPER, .want = EPERM, .after = "r"),
	DISCARD("length", "R", 0, 1, .extra = UPPER, .want = EPERM, .after = "r"),
	ROW("advice", "R", 0, 1, MADV_DONTNEED | UPPER, .want = EPERM, .after = "r"),
};

static void upper_half(int row)
{
	twin_run(&upper_halves[row]);
}

/* Maps a page of each, with this key; the second one is sealed. */
static int map_keyed(void)
{
	int key = pkey_alloc(0, 0);

	if (key < 0)
		skip("no protection keys (%s)", strerror(errno));
	layout_map(arena, "ww");
	ck_assert_int_eq(pkey_mprotect(arena, 2 * page, RW, key), 0);
	ck_assert_int_eq(seal(arena + page, page), 0);
	return key;
}

static const int discards[] = { MADV_DONTNEED, MADV_FREE, MADV_DONTFORK,
				MADV_WIPEONFORK };

/* Content can be looked at only with the key. */
static void expect_key(int key, unsigned int rights, bool refused_now)
{
	struct snap *before;
	size_t i;

	memset(arena, 0x4d, 2 * page);
	before = snap_take(arena + page, 1);
	ck_assert_int_eq(pkey_set(key, rights), 0);
	for (i = 0; i < ARRAY_SIZE(discards); i++) {
		int unsealed = madvise(arena, page, discards[i]);
		int sealed = madvise(arena + page, page, discards[i]);
		int error = errno;

		pkey_set(key, 0);
		ck_assert_int_eq(unsealed, 0);
		ck_assert_int_eq(sealed, refused_now ? -1 : 0);
		if (refused_now) {
			ck_assert_int_eq(error, EPERM);
			snap_expect_same(before);
		}
		pkey_set(key, rights);
	}
	ck_assert_int_eq(madvise(arena + page, page, MADV_COLD), 0);
	pkey_set(key, 0);
	snap_free(before);
}

static void key_that_forbids_writing(int row)
{
	int key = map_keyed();

	(void)row;
	expect_key(key, PKEY_DISABLE_WRITE, true);
	expect_key(key, PKEY_DISABLE_ACCESS, true);
	expect_key(key, 0, false);
	expect_key(key, PKEY_DISABLE_WRITE, true);
}

static void *discard_without_key(void *arg)
{
	int *key = arg;
	long ret;

	pkey_set(*key, PKEY_DISABLE_WRITE);
	ret = madvise(arena + page, page, MADV_DONTNEED) ? -errno : 0;
	return (void *)ret;
}

/* It is the calling thread's key register that counts. */
static void key_of_a_thread(int row)
{
	int key = map_keyed();
	pthread_t thread;
	void *ret;

	(void)row;
	ck_assert_int_eq(pthread_create(&thread, NULL, discard_without_key, &key), 0);
	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_int_eq((long)ret, -EPERM);
	ck_assert_int_eq(arena[page], 0x12);
	ck_assert_int_eq(madvise(arena + page, page, MADV_DONTNEED), 0);
	ck_assert_int_eq(arena[page], 0);
}

static const struct test_case cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	ROWS(length, lengths),
	CASE(key_that_forbids_writing),
	CASE(key_of_a_thread),
};

static const struct test_case int80_cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	ROWS(upper_half, upper_halves),
};

static const struct test_case tagged_cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	ROWS(length, lengths),
};

SUITE(madvise_range, cases, ENTRY_USUAL);
SUITE(madvise_range_int80, int80_cases, ENTRY_INT80);
SUITE(madvise_range_tagged, tagged_cases, ENTRY_TAGGED);
