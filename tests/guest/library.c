// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>

#include <mseal.h>

#include "expect.h"
#include "library.h"
#include "mem.h"
#include "report.h"
#include "sealer.h"

#define UNTOUCHED	12345

void library_expect_mseal(char *at, size_t len, unsigned long flags, int want)
{
	errno = UNTOUCHED;
	ck_assert_int_eq(mseal(at, len, flags), want ? -1 : 0);
	ck_assert_int_eq(errno, want ? want : UNTOUCHED);
}

void library_expect_backend(int backend, int cause)
{
	int why = -1;

	errno = UNTOUCHED;
	ck_assert_int_eq(mseal_backend(&why), backend);
	ck_assert_int_eq(why, cause);
	ck_assert_int_eq(errno, UNTOUCHED);
}

void library_expect_no_way(int cause)
{
	layout_map(arena, "w");
	library_expect_backend(MSEAL_BACKEND_NONE, cause);
	library_expect_mseal(arena, page, 0, ENOSYS);
	expect_free(arena);
}

void library_expect_way(void)
{
	layout_map(arena, "ww");
	library_expect_backend(sealer_kind() == SEALER_DEVICE ?
			       MSEAL_BACKEND_DEVICE : MSEAL_BACKEND_NATIVE, 0);
	library_expect_mseal(arena, page, 0, 0);
	layout_expect_sealed(arena, "Ww");
	expect_refused(arena);
}

void filter_call(int nr, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, error ? SECCOMP_RET_ERRNO | (__u32)error :
			 SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip("no system call filters (%s)", strerror(errno));
}
