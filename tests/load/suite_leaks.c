// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing is left behind by the module's life, as kmemleak sees it.  What is counted by
 * references, somebody still points to when one is forgotten; so that is counted here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "fault_load.h"
#include "image.h"
#include "mem.h"
#include "modules.h"
#include "overtaken.h"
#include "report.h"
#include "sealed.h"
#include "sealer.h"
#include "settle.h"
#include "slabs.h"
#include "suites.h"
#include "target.h"
#include "tracefs.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define CYCLES		3
/* It believes in no leak younger than 5 s. */
#define AGE		6
#define QUESTIONS	200
#define OVERTAKEN	3
#define ATTEMPTS	20
/*
 * What the module itself allocates between its caches and its hooks: twice before it
 * reads the kernel's BTF, which takes hundreds of the kernel's, and once after.  What
 * comes before is left alone, as a cache that can't be made leaks in the kernel.
 */
#define OWN_BEFORE	2
#define OWN_AFTER	1
/* From the module's first look at the command line into the midst of those hundreds. */
#define AHEAD		30
#define MAX_LOADS	60

static void scan(void)
{
	ck_assert_int_eq(file_write(KMEMLEAK, "scan"), 0);
}

/* What is found missing, as a list of places. */
static void expect_no_leaks(void)
{
	static char list[8192];
	int fd;
	ssize_t len;

	sleep(AGE);
	/* What moves from list to list may hide from one look. */
	scan();
	scan();
	fd = open(KMEMLEAK, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	len = read(fd, list, sizeof(list) - 1);
	close(fd);
	ck_assert_int_ge(len, 0);
	list[len] = '\0';
	ck_assert_msg(!len, "leaks:\n%s", list);
}

/* What a case before has left is that one's. */
static void begin(void)
{
	need_boot_word("kmemleak=on");
	ck_assert_int_eq(file_write(KMEMLEAK, "clear"), 0);
}

static void life_of_the_module(int row)
{
	int i;

	(void)row;
	begin();
	for (i = 0; i < CYCLES; i++) {
		mseal_load();
		seal_and_exit();
		mseal_unload();
	}
	expect_no_leaks();
	note("%d lives of the module, no leak", CYCLES);
}

static void seal_first(struct target *self)
{
	(void)self;
	layout_map(arena, "w");
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_NATIVE), 0);
}

static void ask_a_process(void)
{
	struct target target = target_start(seal_first);
	struct mseal_record record;

	ck_assert_int_eq(target_query(target.pidfd, NULL, &record, 1), 1);
	ck_assert_uint_eq(record.start, (unsigned long)arena);
	target_end(&target);
}

/* Each address space and each task that was asked about stays, or hardly any. */
static struct held {
	const char *cache;
	long before;
} held[] = {
	{ "mm_struct", 0 }, { "task_struct", 0 },
};

static bool given_back(void *arg)
{
	struct held *h = arg;

	return slab_objects(h->cache) < h->before + QUESTIONS / 2;
}

static void of_other_processes(int row)
{
	size_t h;
	int i;

	(void)row;
	begin();
	mseal_load();
	sealer_open();
	/* What the first one has made is there for good. */
	ask_a_process();
	for (h = 0; h < ARRAY_SIZE(held); h++)
		held[h].before = slab_objects(held[h].cache);
	for (i = 0; i < QUESTIONS; i++)
		ask_a_process();
	for (h = 0; h < ARRAY_SIZE(held); h++)
		ck_assert_msg(settles(given_back, &held[h]), "%s: %ld before, %ld after",
			      held[h].cache, held[h].before,
			      slab_objects(held[h].cache));
	sealer_close();
	mseal_unload();
	expect_no_leaks();
	note("%d questions about other processes", QUESTIONS);
}

/* What turns the answer of such a call into EPERM is freed by its end. */
static void overtaken_calls(int row)
{
	static const struct overtaken calls = {
		.call = overtaken_madvise,
		.advice = MADV_DONTNEED,
		.met = -EPERM,
		.after = -EPERM,
	};
	struct overtaken_tally *tally = overtaken_tally();
	int i;

	(void)row;
	begin();
	mseal_load();
	sealer_open();
	for (i = 0; i < OVERTAKEN; i++) {
		long before = tally->met;

		overtaken_run(&calls, tally, ATTEMPTS);
		ck_assert_int_gt(tally->met, before);
	}
	sealer_close();
	mseal_unload();
	expect_no_leaks();
	note("%d processes with calls that the first seal overtook", OVERTAKEN);
}

/* So many does it take to find out that a hook expects another prototype. */
static unsigned int count_until_hooks(void)
{
	struct image image = image_read("/mseal.ko");
	unsigned int count;

	image_spoil(&image, "exit_mmap");
	count = fault_load_count(&image, "", ENODEV);
	free(image.data);
	return count;
}

/*
 * From one allocation to the one before, until so many of the module's own have failed.
 * Returns how many loads were refused.
 */
static unsigned int loads_back_from(const struct image *image, unsigned int nth, int own)
{
	unsigned int refused = 0, i;
	struct fault_place place;
	int err;

	for (i = 0; own; i++, nth--) {
		ck_assert_uint_lt(i, MAX_LOADS);
		fault_load_at(image, nth, &place, &err);
		ck_assert(err || module_gone("mseal"));
		refused += !!err;
		own -= err && strstr(place.callee, "kmalloc");
	}
	return refused;
}

static void loads_without_memory(int row)
{
	struct image image = image_read("/mseal.ko");
	unsigned int first, refused;

	(void)row;
	begin();
	need_boot_word("slub_debug=A,kmalloc-*");
	fault_need();
	fault_load_here();
	fault_scope(FAULT_NAMED);
	fault_show(true);
	first = fault_load_count(&image, "disable=1", EPERM);
	refused = loads_back_from(&image, first + AHEAD, OWN_BEFORE) +
		  loads_back_from(&image, count_until_hooks(), OWN_AFTER);
	expect_no_leaks();
	note("%u loads refused for want of memory", refused);
	free(image.data);
}

static const struct test_case cases[] = {
	LONG_CASE(life_of_the_module, 600),
	LONG_CASE(of_other_processes, 600),
	LONG_CASE(overtaken_calls, 600),
	LONG_CASE(loads_without_memory, 600),
};

SUITE(leaks, cases, ENTRY_USUAL);
