// SPDX-License-Identifier: GPL-2.0
/* The real libmseal with the real kernel, whichever way it finds to it. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define MSEAL_WANT_MIMMUTABLE
#include <mseal.h>

#include "cases.h"
#include "expect.h"
#include "filter.h"
#include "library.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

static void seals(int row)
{
	(void)row;
	library_expect_way();
}

static const struct error_row {
	const char *name;
	long skew;
	size_t len;
	unsigned long flags;
	int want;
} error_rows[] = {
	{ "flags", 0, 4096, 1, EINVAL },
	{ "highest flag", 0, 4096, 1UL << (sizeof(long) * CHAR_BIT - 1), EINVAL },
	{ "unaligned", 1, 4096, 0, EINVAL },
	{ "length rounds to 0", 0, SIZE_MAX, 0, EINVAL },
	{ "range wraps", 0, SIZE_MAX - 4095, 0, EINVAL },
	{ "hole", 0, 8192, 0, ENOMEM },
	{ "length 0", 0, 0, 0, 0 },
};

static void errors(int row)
{
	const struct error_row *e = &error_rows[row];

	layout_map(arena, "w");
	library_expect_mseal(arena + e->skew, e->len, e->flags, e->want);
	expect_free(arena);
}

static void seal_in_child(void *arg)
{
	(void)arg;
	library_expect_mseal(arena + page, page, 0, 0);
	layout_expect_sealed(arena, "WWw");
}

static void used_after_fork(int row)
{
	(void)row;
	layout_map(arena, "www");
	library_expect_mseal(arena, page, 0, 0);
	in_child(seal_in_child, NULL);
	layout_expect_sealed(arena, "Www");
	library_expect_mseal(arena + 2 * page, page, 0, 0);
	layout_expect_sealed(arena, "WwW");
}

#define THREADS	16

static pthread_barrier_t start;

static void *seal_own_page(void *at)
{
	pthread_barrier_wait(&start);
	return (void *)(intptr_t)mseal(at, page, 0);
}

static const struct use_row {
	const char *name;
	bool filtered;
} use_rows[] = {
	{ "unfiltered", false }, { "filtered", true },
};

static void first_use_by_many(int row)
{
	pthread_t threads[THREADS];
	void *status;
	int i;

	if (use_rows[row].filtered)
		filter_allow_all();
	layout_map(arena, "wwwwwwwwwwwwwwwww");
	ck_assert_int_eq(pthread_barrier_init(&start, NULL, THREADS), 0);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, seal_own_page,
						arena + i * page), 0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], &status), 0);
		ck_assert_ptr_null(status);
	}
	layout_expect_sealed(arena, "WWWWWWWWWWWWWWWWw");
}

/* A filter's refusal is no answer of mseal(). */
static const struct filter_row {
	const char *name;
	int error;
} filter_rows[] = {
	{ "EPERM", EPERM }, { "EACCES", EACCES }, { "ENOSYS", ENOSYS },
};

static void number_filtered(int row)
{
	int error = filter_rows[row].error;

	filter_call(NR_MSEAL, error);
	if (sealer_kind() == SEALER_DEVICE)
		library_expect_way();
	else
		library_expect_no_way(error);
}

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

#if defined(__x86_64__)
#define RESULT(context)	((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define RESULT(context)	((context)->uc_mcontext.regs[0])
#endif

static volatile sig_atomic_t answers;

/* In place of the kernel: the call fails. */
static void answer(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	answers++;
	RESULT((ucontext_t *)context) = -EPERM;
}

/*
 * Where a filter may kill for the call, another process has to make it first: the
 * program isn't told of it, has none to wait for, and its handlers don't run.  One
 * may have to answer where that process is made or waited for.
 */
static const struct judged_row {
	const char *name;
	struct filter_rule rule;
	bool passes, answers;
} judged_rows[] = {
	{ "allowed", { NR_MSEAL, SECCOMP_RET_ALLOW }, true, false },
	{ "kills the process", { NR_MSEAL, SECCOMP_RET_KILL_PROCESS }, false, false },
	{ "kills the thread", { NR_MSEAL, SECCOMP_RET_KILL_THREAD }, false, false },
	{ "signals", { NR_MSEAL, SECCOMP_RET_TRAP }, false, false },
	{ "no child", { SYS_clone, SECCOMP_RET_ERRNO | EPERM }, false, false },
	{ "no child, by a signal", { SYS_clone, SECCOMP_RET_TRAP }, false, true },
	{ "no waiting", { SYS_wait4, SECCOMP_RET_ERRNO | EPERM }, false, false },
	{ "no waiting, by a signal", { SYS_wait4, SECCOMP_RET_TRAP }, false, true },
};

static void number_judged(int row)
{
	const struct judged_row *judged = &judged_rows[row];
	struct sigaction action = { .sa_sigaction = answer, .sa_flags = SA_SIGINFO };
	bool native = sealer_kind() != SEALER_DEVICE;
	siginfo_t info;

	signal(SIGCHLD, on_signal);
	ck_assert_int_eq(sigaction(SIGSYS, &action, NULL), 0);
	filter_install(&judged->rule, 1, 0);
	if (judged->passes || !native)
		library_expect_way();
	else
		library_expect_no_way(ENOSYS);
	ck_assert_int_eq(signals, 0);
	ck_assert_int_eq(answers != 0, judged->answers && native);
	ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL), -1);
	ck_assert_int_eq(errno, ECHILD);
}

/* Of this process, should a filter kill it, in the directory where it is. */
static void have_cores(void)
{
	struct rlimit size;
	char pattern[8] = "";
	FILE *file = fopen("/proc/sys/kernel/core_pattern", "re");

	if (!file || !fgets(pattern, sizeof(pattern), file) || strcmp(pattern, "core\n") ||
	    file_number("/proc/sys/kernel/core_uses_pid"))
		skip("cores are no files in the directory where a program is");
	fclose(file);
	ck_assert_int_eq(getrlimit(RLIMIT_CORE, &size), 0);
	size.rlim_cur = size.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_CORE, &size), 0);
	if (!size.rlim_max)
		skip("this user may not have cores");
}

static void call_number(void *arg)
{
	(void)arg;
	syscall(NR_MSEAL, 0, 0, 0);
}

/* Whoever makes the call leaves a core, but for whom the library sends ahead. */
static void no_core(int row)
{
	const struct filter_rule kills = { NR_MSEAL, SECCOMP_RET_KILL_PROCESS };
	char dir[] = "/tmp/mseal-test.XXXXXX";
	int status;

	(void)row;
	have_cores();
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	filter_install(&kills, 1, 0);
	ck_assert_int_eq(mseal(arena, 0, 0), sealer_kind() == SEALER_DEVICE ? 0 : -1);
	ck_assert_int_eq(unlink("core"), -1);
	ck_assert_int_eq(errno, ENOENT);

	status = wait_status(child_start(call_number, NULL));
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	ck_assert_int_eq(unlink("core"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

/* The kernel's own call has no type of its own; what includes it will do. */
static void types(int row)
{
	bool device = sealer_kind() == SEALER_DEVICE;

	(void)row;
	layout_map(arena, "ww");
	errno = 0;
	ck_assert_int_eq(mseal_types(arena, page, MSEAL_T_UNMAP, 0), device ? 0 : -1);
	ck_assert_int_eq(errno, device ? 0 : EOPNOTSUPP);
	if (device) {
		ck_assert_int_eq(mprotect(arena, page, PROT_READ), 0);
		ck_assert_int_eq(munmap(arena, page), -1);
		ck_assert_int_eq(errno, EPERM);
	} else {
		expect_free(arena);
	}
	ck_assert_int_eq(mseal_types(arena + page, page, MSEAL_T_UNMAP,
				     MSEAL_OR_STRICTER), 0);
	ck_assert_int_eq(munmap(arena + page, page), -1);
	ck_assert_int_eq(errno, EPERM);
}

static void types_frozen(int row)
{
	(void)row;
	layout_map(arena, "w");
	if (mseal_types(arena, page, MSEAL_T_FREEZE, 0)) {
		ck_assert_int_eq(errno, EOPNOTSUPP);
		ck_assert_int_ne(sealer_kind(), SEALER_DEVICE);
		return;
	}
	library_expect_mseal(arena, page, 0, EPERM);
	expect_free(arena);
}

static void immutable(int row)
{
	(void)row;
	layout_map(arena, "www");
	ck_assert_int_eq(mimmutable(arena + page + 1, 1), 0);
	layout_expect_sealed(arena, "wWw");
	ck_assert_int_eq(mimmutable(arena + 3 * page - 1, 2), -1);
	ck_assert_int_eq(errno, ENOMEM);
	layout_expect_sealed(arena, "wWw");
}

static const struct test_case cases[] = {
	CASE(seals),
	ROWS(errors, error_rows),
	CASE(used_after_fork),
	ROWS(first_use_by_many, use_rows),
	ROWS(number_filtered, filter_rows),
	ROWS(number_judged, judged_rows),
	CASE(no_core),
	CASE(types),
	CASE(types_frozen),
	CASE(immutable),
};

SUITE(library, cases, ENTRY_USUAL);
