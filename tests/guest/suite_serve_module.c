// SPDX-License-Identifier: GPL-2.0
/* A module that serves system call 462, and so stays. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "filter.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"

#ifdef __x86_64__
#define SERVER		"__secure_computing"
#else
#define SERVER		"sys_ni_syscall"
#endif

#define MAX_HOOKS	32

static void told(int row)
{
	struct mseal_hook hooks[MAX_HOOKS];
	struct mseal_info info = { .size = sizeof(info), .nr_hooks = MAX_HOOKS,
				   .hooks = (unsigned long)hooks };
	struct stat parameter;
	bool found = false;
	unsigned int i;

	(void)row;
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, 0);
	ck_assert_uint_eq(info.state, MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS |
			  MSEAL_STATE_SERVES);
	ck_assert_uint_le(info.nr_hooks, MAX_HOOKS);
	for (i = 0; i < info.nr_hooks; i++)
		found = found || !strcmp(hooks[i].function, SERVER);
	ck_assert(found);
	ck_assert_int_eq(stat(PARAMETERS "serve_syscall", &parameter), 0);
	ck_assert_int_eq(parameter.st_mode & 0777, 0444);
}

/* On x86 no function runs then that could be hooked. */
static void unfiltered(int row)
{
	(void)row;
	layout_map(arena, "ww");
	errno = 0;
#ifdef __x86_64__
	ck_assert_int_eq(syscall(NR_MSEAL, arena, page, 0), -1);
	ck_assert_int_eq(errno, ENOSYS);
	layout_expect_sealed(arena, "ww");
#else
	ck_assert_int_eq(syscall(NR_MSEAL, arena, page, 0), 0);
	layout_expect_sealed(arena, "Ww");
#endif
}

/* The seal is one as the device makes it. */
static void as_the_device(int row)
{
	struct mseal_record by_device, by_call;

	(void)row;
	layout_map(arena, "w.w");
	ck_assert_int_eq(device_seal(arena, page, MSEAL_T_NATIVE), 0);
	ck_assert_uint_eq(device_query(arena, &by_device, 1), 1);
	filter_allow_all();
	ck_assert_int_eq(syscall(NR_MSEAL, arena + 2 * page, page, 0), 0);
	ck_assert_uint_eq(device_query(arena + 2 * page, &by_call, 1), 1);
	ck_assert_uint_eq(by_call.start, (unsigned long)arena + 2 * page);
	ck_assert_uint_eq(by_call.end, (unsigned long)arena + 3 * page);
	ck_assert_uint_eq(by_call.types, by_device.types);
	ck_assert_uint_eq(by_call.reported, 0);
}

/* Nothing is sealed, no descriptor is open. */
static void stays(int row)
{
	(void)row;
	need_root();
	sealer_close();
	errno = 0;
	ck_assert_int_eq(syscall(SYS_delete_module, "mseal", O_NONBLOCK), -1);
	ck_assert_int_eq(errno, EWOULDBLOCK);
	filter_allow_all();
	ck_assert_int_eq(syscall(NR_MSEAL, 0, 0, 0), 0);
}

static const struct test_case cases[] = {
	CASE(told),
	CASE(unfiltered),
	CASE(as_the_device),
	CASE(stays),
};

SUITE(serve_module, cases, ENTRY_USUAL);
