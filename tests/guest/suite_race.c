// SPDX-License-Identifier: GPL-2.0
/* No window: a change that isn't made when the seal returns is never made. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "race.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define MARK	0x5c

/*
 * The page is read and written by system calls only, which fail where a load
 * or store would kill: source holds MARK, sink takes what was read.
 */
static int source = -1, sink = -1;

static void open_files(void)
{
	const char mark = MARK;

	source = memfd_create("source", MFD_CLOEXEC);
	sink = memfd_create("sink", MFD_CLOEXEC);
	ck_assert_int_eq(write(source, &mark, 1), 1);
	ck_assert_int_ge(sink, 0);
}

static bool put_mark(char *at)
{
	return pread(source, at, 1, 0) == 1;
}

/* The byte, or -1 if there is no page to be read. */
static int byte_at(char *at)
{
	char byte;

	if (pwrite(sink, at, 1, 0) != 1 || pread(sink, &byte, 1, 0) != 1)
		return -1;
	return byte;
}

static void map_fresh(char *at)
{
	ck_assert_ptr_eq(mmap(at, page, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), at);
}

static int attempt_mprotect(char *at, unsigned int turn)
{
	return mprotect(at, page, turn % 2 ? RW : PROT_READ) ? -errno : 0;
}

static int attempt_munmap(char *at, unsigned int turn)
{
	(void)turn;
	if (munmap(at, page))
		return -errno;
	/* The other attacker may have been quicker to fill the hole. */
	if (mmap(at, page, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED)
		ck_assert_int_eq(errno, EEXIST);
	return 0;
}

static int attempt_mmap(char *at, unsigned int turn)
{
	(void)turn;
	return mmap(at, page, RW, ANON | MAP_FIXED, -1, 0) == at ? 0 : -errno;
}

static const struct race_attack attacks[] = {
	{ "mprotect", attempt_mprotect },
	{ "munmap", attempt_munmap },
	{ "MAP_FIXED", attempt_mmap },
};

/* Whether the page may be written; if so, it has the mark now. */
static int mark_page(char *at)
{
	return put_mark(at);
}

/* A new page would lack the mark, or could be written. */
static bool page_unchanged(char *at, int writable)
{
	return byte_at(at) == (writable ? MARK : 0) && put_mark(at + 1) == writable;
}

static void unmap_protect_replace(int row)
{
	const struct race race = {
		.attacks = attacks,
		.nr_attacks = ARRAY_SIZE(attacks),
		.seals = scaled(20000),
		.least = scaled(1000),
		.prepare = map_fresh,
		.mark = mark_page,
		.unchanged = page_unchanged,
	};

	(void)row;
	open_files();
	race_run(&race);
}

static const struct test_case cases[] = {
	LONG_CASE(unmap_protect_replace, 900),
};

SUITE(race, cases, ENTRY_USUAL);
