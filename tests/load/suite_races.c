// SPDX-License-Identifier: GPL-2.0
/*
 * Processes open the device, seal and ask while the module is loaded, drained and
 * unloaded.  Whoever was told that the page is sealed keeps it until he ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mseal_dev.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "suites.h"
#include "tracefs.h"

#define CYCLES		20
#define SEALERS		3
#define TRIES		10	/* to unload, while new seals are made all the time */
#define NEW_SEALS	"/sys/module/mseal/parameters/new_seals"

/* How a process found the module. */
enum outcome { SEALED, DRAINED, ABSENT, NR_OUTCOMES };

static struct shared {
	atomic_bool stop;
	atomic_long outcomes[NR_OUTCOMES];
} *shared;

static void nap(long microseconds)
{
	const struct timespec time = { .tv_nsec = microseconds * 1000 };

	nanosleep(&time, NULL);
}

static void expect_sealed(int fd)
{
	struct mseal_record record = { 0 };
	struct mseal_query query = { .size = sizeof(query),
				     .pidfd = MSEAL_QUERY_SELF, .nr = 1,
				     .records = (unsigned long)&record };

	ck_assert_int_eq(ioctl(fd, MSEAL_IOC_QUERY, &query), 0);
	ck_assert_uint_eq(query.nr, 1);
	ck_assert_uint_eq(record.start, (unsigned long)arena);
	ck_assert_uint_eq(record.end, (unsigned long)arena + page);
	/* From now on only the seal keeps the module. */
	close(fd);
	nap(rand() % 20000);
	ck_assert_int_eq(munmap(arena, page), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(*(volatile char *)arena, 0x11);
}

static enum outcome try_to_seal(void)
{
	struct mseal_range range = { .size = sizeof(range), .len = page,
				     .addr = (unsigned long)arena,
				     .types = MSEAL_T_NATIVE };
	int fd = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		ck_assert(errno == ENOENT || errno == ENXIO || errno == ENODEV);
		return ABSENT;
	}
	if (!ioctl(fd, MSEAL_IOC_SEAL, &range)) {
		expect_sealed(fd);
		return SEALED;
	}
	ck_assert_int_eq(errno, ENOSYS);
	ck_assert_int_eq(munmap(arena, page), 0);
	return DRAINED;
}

static void seal_once(void *seed)
{
	srand((unsigned int)(long)seed);
	layout_map(arena, "w");
	atomic_fetch_add(&shared->outcomes[try_to_seal()], 1);
}

static void be_sealer(void *number)
{
	long i;

	for (i = 0; !atomic_load(&shared->stop); i++) {
		in_child(seal_once, (void *)(i * SEALERS + (long)number));
		nap(5000);
	}
}

/* At whatever moment: it goes, or is in use. */
static bool unloads_at_once(long *busy)
{
	int i, err;

	for (i = 0; i < TRIES; i++) {
		err = module_unload("mseal");
		if (!err)
			return true;
		ck_assert_int_eq(err, EWOULDBLOCK);
		++*busy;
		nap(10000);
	}
	return false;
}

static void load_and_unload(long *busy)
{
	ck_assert_int_eq(module_load("mseal", ""), 0);
	nap(200000);
	ck_assert_int_eq(file_write(NEW_SEALS, "0"), 0);
	nap(20000);
	ck_assert_int_eq(file_write(NEW_SEALS, "1"), 0);
	if (unloads_at_once(busy))
		return;
	ck_assert_int_eq(file_write(NEW_SEALS, "0"), 0);
	ck_assert(module_gone("mseal"));
}

static void seals_against_unloading(int row)
{
	long cycles = scaled(CYCLES), busy = 0, i;
	pid_t pids[SEALERS];

	(void)row;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	for (i = 0; i < SEALERS; i++)
		pids[i] = child_start(be_sealer, (void *)i);
	for (i = 0; i < cycles; i++)
		load_and_unload(&busy);
	atomic_store(&shared->stop, true);
	for (i = 0; i < SEALERS; i++)
		child_wait(pids[i]);
	note("%ld cycles, %ld times in use; %ld sealed, %ld drained, %ld without",
	     cycles, busy, atomic_load(&shared->outcomes[SEALED]),
	     atomic_load(&shared->outcomes[DRAINED]),
	     atomic_load(&shared->outcomes[ABSENT]));
	ck_assert_int_ge(busy, 1);
	for (i = 0; i < NR_OUTCOMES; i++)
		ck_assert_int_ge(atomic_load(&shared->outcomes[i]), cycles);
}

static const struct test_case cases[] = {
	LONG_CASE(seals_against_unloading, 800),
};

SUITE(races, cases, ENTRY_USUAL);
