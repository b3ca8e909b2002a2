// SPDX-License-Identifier: GPL-2.0
/* A sealed aio ring: its context goes when asked to, the mapping stays. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

static char *ring(size_t *len)
{
	aio_context_t context = 0;
	char *at;

	if (syscall(SYS_io_setup, 1, &context))
		skip("no aio (%s)", strerror(errno));
	at = mapping_named("/[aio] (deleted)", len);
	ck_assert_ptr_eq(at, (char *)context);
	return at;
}

static int destroy(char *at)
{
	return syscall(SYS_io_destroy, at) ? -errno : 0;
}

static void io_destroy_keeps_the_ring(int row)
{
	struct page_state was, is;
	struct iocb *none = NULL;
	size_t len;
	char *at;

	(void)row;
	at = ring(&len);
	ck_assert_int_eq(destroy(at), 0);
	ck_assert(!is_mapped(at));

	at = ring(&len);
	ck_assert_int_eq(seal(at, len), 0);
	was = page_state(at);
	ck_assert_int_eq(destroy(at), 0);
	is = page_state(at);
	ck_assert(state_same(&was, &is));
	ck_assert(is_sealed(at) && is_mapped(at + len - page));
	ck_assert_int_eq(munmap(at, len), -1);
	ck_assert_int_eq(errno, EPERM);
	/* The context itself is gone. */
	ck_assert_int_eq(destroy(at), -EINVAL);
	ck_assert_int_eq(syscall(SYS_io_submit, at, 0, &none), -1);
	ck_assert_int_eq(errno, EINVAL);
}

/* The context follows its ring, so this must not be half done. */
static void ring_moves(int row)
{
	char *at, *elsewhere = arena + (1 << 24);
	size_t len;

	(void)row;
	at = ring(&len);
	ck_assert_ptr_eq(mremap(at, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere),
			 elsewhere);
	ck_assert(!is_mapped(at));
	ck_assert_int_eq(destroy(elsewhere), 0);
	ck_assert(!is_mapped(elsewhere));

	at = ring(&len);
	ck_assert_int_eq(seal(at, len), 0);
	ck_assert_ptr_eq(mremap(at, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere),
			 MAP_FAILED);
	ck_assert_int_eq(errno, EPERM);
	ck_assert(is_mapped(at) && !is_mapped(elsewhere));
	ck_assert_int_eq(destroy(at), 0);
}

static void leave_sealed(void *arg)
{
	size_t len;
	char *at = ring(&len);

	(void)arg;
	ck_assert_int_eq(seal(at, len), 0);
}

static void process_ends(int row)
{
	(void)row;
	in_child(leave_sealed, NULL);
}

static const struct test_case cases[] = {
	CASE(io_destroy_keeps_the_ring),
	CASE(ring_moves),
	CASE(process_ends),
};

SUITE(aio, cases, ENTRY_USUAL);
