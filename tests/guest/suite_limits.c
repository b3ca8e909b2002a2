// SPDX-License-Identifier: GPL-2.0
/*
 * What docs/threat-model.md says that a seal doesn't stop, under the same names:
 * it happens to a page without a seal, and to one with a seal just so.  A case
 * that fails here means that the document isn't true any more.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "limit_rows.h"
#include "mem.h"
#include "peek.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)
#define TWIN	(arena + (1L << 24))

/* The file behind the page, where there is one. */
static int file = -1;
static int key = -1;

static void map_file(char *at, int prot, int flags)
{
	file = memfd_create("limit", MFD_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(ftruncate(file, page), 0);
	ck_assert_int_eq(pwrite(file, "\x11", 1, 0), 1);
	ck_assert_ptr_eq(mmap(at, page, prot, flags | MAP_FIXED_NOREPLACE, file, 0),
			 at);
	ck_assert_int_eq(*(volatile char *)at, 0x11);
}

static void prepare_private_file(char *at)
{
	map_file(at, PROT_READ, MAP_PRIVATE);
}

static void prepare_shared_file(char *at)
{
	map_file(at, PROT_READ, MAP_SHARED);
}

static void prepare_changed_private_file(char *at)
{
	map_file(at, RW, MAP_PRIVATE);
	*at = LIMIT_MARK;
	ck_assert_int_eq(mprotect(at, page, PROT_READ), 0);
}

static void prepare_shared_writable(char *at)
{
	layout_map(at, "s");
}

static void prepare_read_only(char *at)
{
	layout_map(at, "r");
}

static void prepare_writable(char *at)
{
	layout_map(at, "w");
}

/* One key for both pages, as processors have few. */
static void prepare_keyed(char *at)
{
	if (key < 0)
		key = pkey_alloc(0, 0);
	if (key < 0)
		skip("no protection keys (%s)", strerror(errno));
	layout_map(at, "w");
	ck_assert_int_eq(pkey_mprotect(at, page, RW, key), 0);
	ck_assert_int_eq(pkey_set(key, PKEY_DISABLE_WRITE), 0);
	ck_assert(cannot_be_written(at));
}

static void write_with_key(char *at)
{
	ck_assert_int_eq(pkey_set(key, 0), 0);
	*at = LIMIT_MARK;
}

static void write_mem(char *at)
{
	need_peek();
	ck_assert(poke(at, LIMIT_MARK));
}

static void write_file(char *at)
{
	const char mark = LIMIT_MARK;

	(void)at;
	ck_assert_int_eq(pwrite(file, &mark, 1, 0), 1);
}

static void write_elsewhere(char *at)
{
	char *other = mmap(NULL, page, RW, MAP_SHARED, file, 0);

	(void)at;
	ck_assert_ptr_ne(other, MAP_FAILED);
	*other = LIMIT_MARK;
	ck_assert_int_eq(munmap(other, page), 0);
}

static void truncate_file(char *at)
{
	(void)at;
	ck_assert_int_eq(ftruncate(file, 0), 0);
}

static void punch_file(char *at)
{
	(void)at;
	ck_assert_int_eq(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   0, page), 0);
}

static void advise(char *at, int advice)
{
	ck_assert_int_eq(madvise(at, page, advice), 0);
}

static void dontneed(char *at)
{
	advise(at, MADV_DONTNEED);
}

/* The mapping's file stays as it is, and isn't asked any more. */
static void dontneed_and_copy(char *at)
{
	dontneed(at);
	uffd_copy(at);
}

static void remove_pages(char *at)
{
	advise(at, MADV_REMOVE);
}

static void dontfork(char *at)
{
	advise(at, MADV_DONTFORK);
}

static void wipeonfork(char *at)
{
	advise(at, MADV_WIPEONFORK);
}

static void write_by_call(char *at)
{
	const char mark = LIMIT_MARK;

	ck_assert_int_eq(pwrite(file = memfd_create("limit", MFD_CLOEXEC), &mark, 1,
				0), 1);
	ck_assert_int_eq(pread(file, at, 1, 0), 1);
}

static bool holds_mark(char *at)
{
	return *(volatile unsigned char *)at == LIMIT_MARK;
}

static bool is_zero(char *at)
{
	return !*(volatile char *)at;
}

static bool back_from_file(char *at)
{
	return *(volatile char *)at == 0x11;
}

/* A load would kill: the page is mapped, but there is nothing behind it. */
bool nothing_behind(char *at)
{
	int pair[2];
	bool fault;

	ck_assert_int_eq(pipe(pair), 0);
	fault = write(pair[1], at, 1) == -1 && errno == EFAULT;
	close(pair[0]);
	close(pair[1]);
	return is_mapped(at) && fault;
}

static void find_missing(void *at)
{
	ck_assert(!is_mapped(at));
}

static void find_wiped(void *at)
{
	ck_assert_int_eq(*(volatile char *)at, 0);
}

static bool missing_in_child(char *at)
{
	in_child(find_missing, at);
	return *(volatile char *)at == 0x11;
}

static bool wiped_in_child(char *at)
{
	in_child(find_wiped, at);
	return *(volatile char *)at == 0x11;
}

static const struct limit {
	const char *name;
	/* Maps the page that is to be sealed, a huge one perhaps. */
	void (*prepare)(char *at);
	void (*happen)(char *at);
	bool (*happened)(char *at);
} limits[] = {
	{ "/proc/PID/mem", prepare_read_only, write_mem, holds_mark },
	{ "stores to writable memory", prepare_writable, write_by_call, holds_mark },
	{ "userfaultfd: copy", prepare_untouched, uffd_copy, holds_mark },
	{ "userfaultfd: copy over a private memfd page", prepare_private_file,
	  dontneed_and_copy, holds_mark },
	{ "userfaultfd: zero page", prepare_untouched, uffd_zero, is_present },
	{ "userfaultfd: move", prepare_untouched_writable, uffd_move, holds_mark },
	{ "userfaultfd: poison", prepare_untouched, uffd_poison, nothing_behind },
	{ "userfaultfd: write protection", prepare_writable, uffd_write_protect,
	  cannot_be_written },
	{ "file: write, private mapping", prepare_private_file, write_file,
	  holds_mark },
	{ "file: write, shared mapping", prepare_shared_file, write_file,
	  holds_mark },
	{ "file: another mapping", prepare_shared_file, write_elsewhere,
	  holds_mark },
	{ "file: cut, private mapping", prepare_private_file, truncate_file,
	  nothing_behind },
	{ "file: cut, changed pages", prepare_changed_private_file, truncate_file,
	  nothing_behind },
	{ "file: cut, shared mapping", prepare_shared_file, truncate_file,
	  nothing_behind },
	{ "file: hole", prepare_shared_file, punch_file, is_zero },
	{ "pinned: fixed buffer", prepare_fixed_buffer, read_into_fixed_buffer,
	  holds_mark },
	{ "driver: TCP", prepare_tcp, receive_by_tcp, holds_mark },
	{ "discard: writable memory", prepare_writable, dontneed, is_zero },
	{ "discard: changed private file", prepare_changed_private_file, dontneed,
	  back_from_file },
	{ "discard: huge page", prepare_huge, discard_huge, huge_is_gone },
	{ "discard: shared memory removed", prepare_shared_writable, remove_pages,
	  is_zero },
	{ "child: not inherited", prepare_writable, dontfork, missing_in_child },
	{ "child: not inherited, read-only file", prepare_private_file, dontfork,
	  missing_in_child },
	{ "child: wiped", prepare_writable, wipeonfork, wiped_in_child },
	{ "child: huge page", prepare_last_huge, write_beside_child,
	  missing_behind_child },
	{ "protection keys", prepare_keyed, write_with_key, holds_mark },
};

static void run(const struct limit *limit, char *at, bool sealed)
{
	limit->prepare(at);
	if (sealed)
		ck_assert_int_eq(seal(at, mapping_kb(at, "KernelPageSize") << 10), 0);
	limit->happen(at);
	ck_assert_msg(limit->happened(at), "%s the seal it doesn't happen",
		      sealed ? "with" : "without");
}

static void happens(int row)
{
	const struct limit *limit = &limits[row];

	run(limit, TWIN, false);
	run(limit, arena, true);
	/* The seal itself isn't lifted by that. */
	expect_refused(arena);
	ck_assert(is_sealed(arena));
}

static const struct test_case cases[] = {
	ROWS(happens, limits),
};

SUITE(limits, cases, ENTRY_USUAL);
