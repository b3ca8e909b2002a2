// SPDX-License-Identifier: GPL-2.0
/* Mapping something over a seal: mmap(), shmat() and remap_file_pages(). */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <unistd.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "twin.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static long map(char *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	return done(entry_call6(CALL_MMAP, (long)addr, len, prot, flags, fd, offset));
}

static long op_anon(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, ANON | MAP_FIXED, -1, 0);
}

static long op_shared(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static long op_growsdown(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, ANON | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
}

static long op_noreplace(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, ANON | MAP_FIXED_NOREPLACE, -1, 0);
}

static long with_file(const struct twin *twin, char *addr, size_t len, int flags)
{
	int fd = pattern_file(8, O_RDONLY);
	long ret = map(addr, len, twin->arg, flags | MAP_FIXED, fd, 0);

	close(fd);
	return ret;
}

static long op_private_file(const struct twin *twin, char *addr, size_t len)
{
	return with_file(twin, addr, len, MAP_PRIVATE);
}

static long op_shared_file(const struct twin *twin, char *addr, size_t len)
{
	return with_file(twin, addr, len, MAP_SHARED);
}

static long op_bad_fd(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, MAP_PRIVATE | MAP_FIXED, -1, 0);
}

static long op_bad_offset(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, ANON | MAP_FIXED, -1, 1);
}

static long op_no_type(const struct twin *twin, char *addr, size_t len)
{
	return map(addr, len, twin->arg, MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static const struct twin refusals[] = {
	{ "exact", "W", op_anon, 0, 1, .arg = PROT_READ, .want = EPERM, .after = "r" },
	{ "same protection", "W", op_anon, 0, 1, .arg = RW, .want = EPERM,
	  .after = "w" },
	{ "no access", "W", op_anon, 0, 1, .arg = PROT_NONE, .want = EPERM,
	  .after = "n" },
	{ "span", "wWw", op_anon, 0, 3, .arg = PROT_READ, .want = EPERM,
	  .after = "rrr" },
	{ "span of mappings and holes", "w.Wf", op_anon, 0, 4, .arg = PROT_READ,
	  .want = EPERM, .after = "rrrr" },
	{ "one of several", "WWW", op_anon, 1, 1, .arg = PROT_READ, .want = EPERM,
	  .after = "wrw" },
	{ "straddle start", "wWW", op_anon, 0, 2, .arg = PROT_READ, .want = EPERM,
	  .after = "rrw" },
	{ "straddle end", "WWw", op_anon, 1, 2, .arg = PROT_READ, .want = EPERM,
	  .after = "wrr" },
	{ "hole before", ".W", op_anon, 0, 2, .arg = PROT_READ, .want = EPERM,
	  .after = "rr" },
	{ "length 1", "W", op_anon, 0, 0, .extra = 1, .arg = PROT_READ, .want = EPERM,
	  .after = "r" },
	{ "length rounded into the seal", "wW", op_anon, 0, 1, .extra = 1,
	  .arg = PROT_READ, .want = EPERM, .after = "rr" },
	{ "shared", "W", op_shared, 0, 1, .arg = RW, .want = EPERM, .after = "s" },
	{ "growsdown", "W", op_growsdown, 0, 1, .arg = RW, .want = EPERM,
	  .after = "d" },
	{ "private file", "R", op_private_file, 0, 1, .arg = PROT_READ, .want = EPERM,
	  .after = "f" },
	{ "shared file", "R", op_shared_file, 0, 1, .arg = PROT_READ, .want = EPERM,
	  .after = "h" },
	{ "over a file", "F", op_anon, 0, 1, .arg = PROT_READ, .want = EPERM,
	  .after = "r" },
	{ "over a shared file", "G", op_anon, 0, 1, .arg = RW, .want = EPERM,
	  .after = "w" },
};

static void refused(int row)
{
	twin_run(&refusals[row]);
}

static const struct twin others[] = {
	{ "noreplace", "W", op_noreplace, 0, 1, .arg = RW, .want = EEXIST,
	  .twin = EEXIST },
	{ "noreplace, span", ".W.", op_noreplace, 0, 3, .arg = RW, .want = EEXIST,
	  .twin = EEXIST },
	{ "bad descriptor", "W", op_bad_fd, 0, 1, .arg = RW, .want = EBADF,
	  .twin = EBADF },
	{ "shared file that may not be written", "W", op_shared_file, 0, 1, .arg = RW,
	  .want = EACCES, .twin = EACCES },
	{ "unaligned", "WW", op_anon, 0, 1, .skew = 1, .arg = RW, .want = EINVAL,
	  .twin = EINVAL },
	{ "unaligned offset", "W", op_bad_offset, 0, 1, .arg = RW, .want = EINVAL,
	  .twin = EINVAL },
	{ "neither shared nor private", "W", op_no_type, 0, 1, .arg = RW,
	  .want = EINVAL, .twin = EINVAL },
	{ "length 0", "W", op_anon, 0, 0, .arg = RW, .want = EINVAL, .twin = EINVAL },
	{ "page before", "wW", op_anon, 0, 1, .arg = PROT_READ, .after = "rw",
	  .sealed_after = "rW" },
	{ "page after", "Ww", op_anon, 1, 1, .arg = PROT_READ, .after = "wr",
	  .sealed_after = "Wr" },
	{ "hole after", "W.", op_anon, 1, 1, .arg = PROT_READ, .after = "wr",
	  .sealed_after = "Wr" },
	{ "hole between, noreplace", "W.W", op_noreplace, 1, 1, .arg = RW,
	  .after = "www", .sealed_after = "WwW" },
};

static void other(int row)
{
	twin_run(&others[row]);
}

/* What joins a sealed neighbour in one mapping isn't sealed for that. */
static void neighbour_stays_free(int row)
{
	(void)row;
	layout_map(arena, ".WW.");
	layout_seal(arena, ".WW.");
	layout_map(arena, "w");
	layout_map(arena + 3 * page, "w");
	ck_assert(!is_sealed(arena) && is_sealed(arena + page) &&
		  is_sealed(arena + 2 * page) && !is_sealed(arena + 3 * page));
	ck_assert_int_eq(munmap(arena, page), 0);
	ck_assert_int_eq(munmap(arena + 3 * page, page), 0);
	layout_expect(arena, ".WW.");
}

static void hint_goes_elsewhere(int row)
{
	struct snap *before;
	char *got;

	(void)row;
	layout_map(arena, "WW");
	layout_seal(arena, "WW");
	before = snap_take(arena, 2);
	got = mmap(arena, 2 * page, RW, ANON, -1, 0);
	ck_assert_ptr_ne(got, MAP_FAILED);
	ck_assert(got + 2 * page <= arena || got >= arena + 2 * page);
	ck_assert_int_eq(munmap(got, 2 * page), 0);
	snap_expect_same(before);
	layout_expect_sealed(arena, "WW");
}

/* The seal is found before the limit is. */
static void limited_address_space(int row)
{
	const struct rlimit limit = { 64 << 20, 64 << 20 };
	struct snap *before;

	(void)row;
	layout_map(arena, "W");
	before = snap_take(arena, 1);
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	ck_assert_int_eq(map(arena, 1UL << 30, RW, ANON | MAP_FIXED, -1, 0), -ENOMEM);
	ck_assert_int_eq(seal(arena, page), 0);
	ck_assert_int_eq(map(arena, 1UL << 30, RW, ANON | MAP_FIXED, -1, 0), -EPERM);
	snap_expect_same(before);
}

static int shm_segment(size_t pages)
{
	int id = shmget(IPC_PRIVATE, pages * page, IPC_CREAT | 0600);
	void *at;

	if (id < 0)
		skip("no System V shared memory (%s)", strerror(errno));
	at = shmat(id, NULL, 0);
	ck_assert_ptr_ne(at, (void *)-1);
	memset(at, 0x5a, pages * page);
	ck_assert_int_eq(shmdt(at), 0);
	return id;
}

static long attach(const struct twin *twin, char *addr, size_t len)
{
	int id = shm_segment(len / page);
	long ret = done(entry_call(CALL_SHMAT, id, addr, twin->arg));

	shmctl(id, IPC_RMID, NULL);
	return ret;
}

static const struct twin attachments[] = {
	{ "over private memory", "W", attach, 0, 1, .arg = SHM_REMAP, .want = EPERM,
	  .after = "s" },
	{ "over shared memory", "S", attach, 0, 1, .arg = SHM_REMAP, .want = EPERM,
	  .after = "s" },
	{ "span", "wWw", attach, 0, 3, .arg = SHM_REMAP, .want = EPERM,
	  .after = "sss" },
	{ "hole before", ".W", attach, 0, 2, .arg = SHM_REMAP, .want = EPERM,
	  .after = "ss" },
	{ "read only", "R", attach, 0, 1, .arg = SHM_REMAP | SHM_RDONLY,
	  .want = EPERM, .after = "q" },
	{ "without remap", "W", attach, 0, 1, .arg = 0, .want = EINVAL,
	  .twin = EINVAL },
	{ "unaligned", "WW", attach, 0, 1, .skew = 1, .arg = SHM_REMAP,
	  .want = EINVAL, .twin = EINVAL },
	{ "beside", "Ww", attach, 1, 1, .arg = SHM_REMAP, .after = "ws",
	  .sealed_after = "Ws" },
};

static void shmat_remap(int row)
{
	twin_run(&attachments[row]);
}

static long file_pages(const struct twin *twin, char *addr, size_t len)
{
	return done(entry_call6(CALL_REMAP_FILE_PAGES, (long)addr, len, 0,
				twin->arg, 0, 0));
}

static const struct twin file_page_rows[] = {
	{ "anonymous", "SSSS", file_pages, 0, 1, .arg = 2, .want = EPERM,
	  .after = "ssss" },
	{ "file", "GGGG", file_pages, 1, 2, .arg = 0, .want = EPERM, .after = "gggg" },
	{ "part", "GGgg", file_pages, 1, 2, .arg = 0, .want = EPERM, .after = "gggg" },
	{ "same page", "GG", file_pages, 0, 1, .arg = 0, .want = EPERM },
	{ "private", "W", file_pages, 0, 1, .arg = 0, .want = EINVAL,
	  .twin = EINVAL },
	{ "beside", "GGgg", file_pages, 2, 1, .arg = 0, .after = "gggg",
	  .sealed_after = "GGgg" },
};

static void remap_file_pages_of(int row)
{
	twin_run(&file_page_rows[row]);
}

static void length_beyond_the_space(int row)
{
	const struct twin twin = { "length beyond the space", "W", op_anon, 0, 0,
				   .extra = -4096, .arg = RW, .want = ENOMEM,
				   .twin = ENOMEM };

	(void)row;
	twin_run(&twin);
}

/* Here a tag isn't ignored, lest one place have two names. */
static void tagged_address(int row)
{
	const struct twin twin = { "tagged address", "W", op_anon, 0, 1,
				   .skew = 1L << 60, .arg = RW, .want = ENOMEM,
				   .twin = ENOMEM };

	(void)row;
	twin_run(&twin);
}

static const struct test_case cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	CASE(length_beyond_the_space),
	CASE(tagged_address),
	CASE(neighbour_stays_free),
	CASE(hint_goes_elsewhere),
	CASE(limited_address_space),
	ROWS(shmat_remap, attachments),
	ROWS(remap_file_pages_of, file_page_rows),
};

static const struct test_case int80_cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	CASE(limited_address_space),
	ROWS(shmat_remap, attachments),
	ROWS(remap_file_pages_of, file_page_rows),
};

SUITE(mmap, cases, ENTRY_USUAL);
SUITE(mmap_int80, int80_cases, ENTRY_INT80);
