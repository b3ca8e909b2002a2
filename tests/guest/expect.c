// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <sys/mman.h>

#include "expect.h"
#include "mem.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

#define RW	(PROT_READ | PROT_WRITE)

void expect_refused(char *at)
{
	ck_assert_int_eq(munmap(at, page), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(mprotect(at, page, PROT_NONE), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_ptr_eq(mmap(at, page, PROT_READ, MAP_FIXED | MAP_PRIVATE |
			      MAP_ANONYMOUS, -1, 0), MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
}

void expect_free(char *at)
{
	ck_assert_int_eq(mprotect(at, page, PROT_READ), 0);
	ck_assert_ptr_eq(mmap(at, page, RW, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
			      -1, 0), at);
	ck_assert_int_eq(munmap(at, page), 0);
}

void expect_usable_hole(char *at)
{
	ck_assert(!is_mapped(at));
	ck_assert_ptr_eq(mmap(at, page, RW, MAP_FIXED_NOREPLACE | MAP_PRIVATE |
			      MAP_ANONYMOUS, -1, 0), at);
	expect_free(at);
}
