// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "entry.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"
#include "twin.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE			65
#endif
#ifndef PR_MDWE_REFUSE_EXEC_GAIN
#define PR_MDWE_REFUSE_EXEC_GAIN	1
#endif

#ifndef PROT_BTI
#define PROT_BTI			0x10
#endif

#define R	PROT_READ
#define RW	(PROT_READ | PROT_WRITE)
#define RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

static long op_mprotect(const struct twin *twin, char *addr, size_t len)
{
	return done(entry_call(CALL_MPROTECT, addr, len, twin->arg));
}

static long pkey_mprotect_by(char *addr, size_t len, long prot, long key)
{
	return done(entry_call6(CALL_PKEY_MPROTECT, (long)addr, len, prot, key, 0, 0));
}

/* It needs no keys for key -1, but isn't there on every architecture. */
static void need_pkey_mprotect(void)
{
	if (pkey_mprotect_by(arena, 0, R, -1) == -ENOSYS)
		skip("no pkey_mprotect() (%s)", strerror(ENOSYS));
}

static long op_pkey_mprotect(const struct twin *twin, char *addr, size_t len)
{
	return pkey_mprotect_by(addr, len, twin->arg, -1);
}

static long op_bad_pkey(const struct twin *twin, char *addr, size_t len)
{
	return pkey_mprotect_by(addr, len, twin->arg, 7);
}

static const struct twin refusals[] = {
	{ "rw to none", "W", NULL, 0, 1, .arg = PROT_NONE, .want = EPERM, .after = "n" },
	{ "rw to r", "W", NULL, 0, 1, .arg = R, .want = EPERM, .after = "r" },
	{ "rw to rwx", "W", NULL, 0, 1, .arg = RWX, .want = EPERM, .after = "e" },
	{ "rw to rw", "W", NULL, 0, 1, .arg = RW, .want = EPERM },
	{ "r to rw", "R", NULL, 0, 1, .arg = RW, .want = EPERM, .after = "w" },
	{ "r to r", "R", NULL, 0, 1, .arg = R, .want = EPERM },
	{ "none to rw", "N", NULL, 0, 1, .arg = RW, .want = EPERM, .after = "w" },
	{ "rwx to r", "E", NULL, 0, 1, .arg = R, .want = EPERM, .after = "r" },
	{ "one of several", "WWW", NULL, 1, 1, .arg = R, .want = EPERM,
	  .after = "wrw" },
	{ "sealed first", "Ww", NULL, 0, 2, .arg = R, .want = EPERM, .after = "rr" },
	{ "sealed last", "wW", NULL, 0, 2, .arg = R, .want = EPERM, .after = "rr" },
	{ "sealed between", "wWw", NULL, 0, 3, .arg = R, .want = EPERM,
	  .after = "rrr" },
	{ "sealed last of many mappings", "wnesW", NULL, 0, 5, .arg = R, .want = EPERM,
	  .after = "rrrrr" },
	{ "sealed, then a hole", "W.", NULL, 0, 2, .arg = R, .want = EPERM,
	  .twin = ENOMEM, .after = "r." },
	{ "hole before the seal", "w.W", NULL, 0, 3, .arg = R, .want = EPERM,
	  .twin = ENOMEM, .after = "r.w" },
	{ "length 1", "W", NULL, 0, 0, .extra = 1, .arg = R, .want = EPERM,
	  .after = "r" },
	{ "length rounded into the seal", "wW", NULL, 0, 1, .extra = 1, .arg = R,
	  .want = EPERM, .after = "rr" },
	{ "shared file that may not be written, to r", "H", NULL, 0, 1, .arg = R,
	  .want = EPERM },
	{ "sealed file that may not be written, second", "rH", NULL, 0, 2,
	  .arg = RW, .want = EPERM, .twin = EACCES, .after = "wh" },
	{ "growsdown mapping", "D", NULL, 0, 1, .arg = R | PROT_GROWSDOWN,
	  .want = EPERM, .after = "r" },
	{ "growsdown behind a hole, then the seal", ".dW", NULL, 0, 3,
	  .arg = R | PROT_GROWSDOWN, .want = EPERM, .after = ".rr" },
	{ "growsdown into the seal", "Dd", NULL, 1, 1, .arg = R | PROT_GROWSDOWN,
	  .want = EPERM, .after = "rr" },
};

static void run_as(const struct twin *row, long (*op)(const struct twin *, char *, size_t))
{
	struct twin twin = *row;

	twin.op = op;
	twin_run(&twin);
}

static void refused(int row)
{
	run_as(&refusals[row], op_mprotect);
}

static void pkey_refused(int row)
{
	need_pkey_mprotect();
	run_as(&refusals[row], op_pkey_mprotect);
}

static const struct twin others[] = {
	{ "unaligned", "WW", NULL, 0, 1, .skew = 1, .arg = R, .want = EINVAL,
	  .twin = EINVAL },
	/* The two bits below it mean something on some processors. */
	{ "unknown protection bit", "W", NULL, 0, 1, .arg = 0x40, .want = EINVAL,
	  .twin = EINVAL },
	{ "growsdown of what doesn't", "W", NULL, 0, 1, .arg = R | PROT_GROWSDOWN,
	  .want = EINVAL, .twin = EINVAL },
	{ "growsdown and growsup", "W", NULL, 0, 1,
	  .arg = R | PROT_GROWSDOWN | PROT_GROWSUP, .want = EINVAL, .twin = EINVAL },
	{ "length 0", "W", NULL, 0, 0, .arg = R },
	{ "unmapped start", ".W", NULL, 0, 2, .arg = R, .want = ENOMEM,
	  .twin = ENOMEM },
	{ "shared file that may not be written, to rw", "H", NULL, 0, 1, .arg = RW,
	  .want = EACCES, .twin = EACCES },
	{ "file that may not be written, then a seal", "hW", NULL, 0, 2, .arg = RW,
	  .want = EACCES, .twin = EACCES },
	{ "page before", "wW", NULL, 0, 1, .arg = R, .after = "rw",
	  .sealed_after = "rW" },
	{ "page after", "Ww", NULL, 1, 1, .arg = R, .after = "wr",
	  .sealed_after = "Wr" },
	{ "page between", "WwW", NULL, 1, 1, .arg = R, .after = "wrw",
	  .sealed_after = "WrW" },
};

static void other(int row)
{
	run_as(&others[row], op_mprotect);
}

static void pkey_other(int row)
{
	need_pkey_mprotect();
	run_as(&others[row], op_pkey_mprotect);
}

static void pkey_unallocated(int row)
{
	const struct twin twin = { "key that isn't allocated", "W", op_bad_pkey, 0, 1,
				   .arg = R, .want = EINVAL, .twin = EINVAL };

	(void)row;
	need_pkey_mprotect();
	twin_run(&twin);
}

static void pkey_allocated(int row)
{
	long key = syscall(SYS_pkey_alloc, 0, 0);

	(void)row;
	if (key < 0)
		skip("no protection keys (%s)", strerror(errno));
	layout_map(arena, "ww");
	ck_assert_int_eq(syscall(SYS_pkey_mprotect, arena, page, RW, key), 0);
	ck_assert_int_eq(syscall(SYS_pkey_mprotect, arena, page, RW, 0), 0);
	ck_assert_int_eq(seal(arena, page), 0);
	ck_assert_int_eq(syscall(SYS_pkey_mprotect, arena, page, RW, key), -1);
	ck_assert_int_eq(errno, EPERM);
	/* With the old key in place a page still obeys that key. */
	ck_assert_int_eq(syscall(SYS_pkey_mprotect, arena, 2 * page, R, key), -1);
	ck_assert_int_eq(errno, EPERM);
	layout_expect(arena, "ww");
}

static void no_exec_gain(int row)
{
	(void)row;
	layout_map(arena, "W");
	if (prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0))
		skip("no PR_SET_MDWE");
	ck_assert_int_eq(mprotect(arena, page, RWX), -1);
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(seal(arena, page), 0);
	ck_assert_int_eq(mprotect(arena, page, RWX), -1);
	ck_assert_int_eq(errno, EACCES);
	ck_assert_int_eq(mprotect(arena, page, R), -1);
	ck_assert_int_eq(errno, EPERM);
	layout_expect(arena, "W");
}

static void length_wraps(int row)
{
	const struct twin twin = { "length wraps", "W", op_mprotect, 0, 0,
				   .extra = -4096, .arg = R, .want = ENOMEM,
				   .twin = ENOMEM };

	(void)row;
	twin_run(&twin);
}

#ifdef __aarch64__
/* Code that may be jumped to at marked places only, and may cease to be. */
static void guarded_code(int row)
{
	(void)row;
	layout_map(arena, "ee");
	if (entry_call(CALL_MPROTECT, arena, page, RWX | PROT_BTI) == -EINVAL)
		skip("no PROT_BTI (%s)", strerror(EINVAL));
	ck_assert(vmflag_set(arena, "bt") && !vmflag_set(arena + page, "bt"));
	ck_assert_int_eq(entry_call(CALL_MPROTECT, arena, page, RWX), 0);
	ck_assert(!vmflag_set(arena, "bt"));
	ck_assert_int_eq(entry_call(CALL_MPROTECT, arena, page, RWX | PROT_BTI), 0);
	ck_assert_int_eq(seal(arena, 2 * page), 0);
	ck_assert_int_eq(entry_call(CALL_MPROTECT, arena, page, RWX), -EPERM);
	ck_assert_int_eq(entry_call(CALL_MPROTECT, arena + page, page,
				    RWX | PROT_BTI), -EPERM);
	ck_assert(vmflag_set(arena, "bt") && !vmflag_set(arena + page, "bt"));
}
#endif

static const struct test_case cases[] = {
	ROWS(refused, refusals),
	ROWS(pkey_refused, refusals),
	ROWS(other, others),
	ROWS(pkey_other, others),
	CASE(length_wraps),
	CASE(pkey_unallocated),
	CASE(pkey_allocated),
	CASE(no_exec_gain),
#ifdef __aarch64__
	CASE(guarded_code),
#endif
};

static const struct test_case tagged_cases[] = {
	ROWS(refused, refusals),
	ROWS(other, others),
	CASE(length_wraps),
};

static const struct test_case int80_cases[] = {
	ROWS(refused, refusals),
	ROWS(pkey_refused, refusals),
	ROWS(other, others),
	ROWS(pkey_other, others),
	CASE(pkey_unallocated),
};

SUITE(mprotect, cases, ENTRY_USUAL);
SUITE(mprotect_int80, int80_cases, ENTRY_INT80);
SUITE(mprotect_tagged, tagged_cases, ENTRY_TAGGED);
