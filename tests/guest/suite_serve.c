// SPDX-License-Identifier: GPL-2.0
/*
 * System call 462 in a process under a seccomp filter: the filter has its say,
 * and what it lets pass is served.  All of it holds natively, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "filter.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#ifndef SYS_SECCOMP
#define SYS_SECCOMP	1	/* si_code; the C library has no name for it */
#endif

static long call_mseal(char *addr, size_t len, unsigned long flags)
{
	return entry_call(CALL_MSEAL, addr, len, flags);
}

static void filter_call(unsigned int verdict)
{
	struct filter_rule rule = { NR_MSEAL, verdict };

	filter_install(&rule, 1, 0);
}

/* Sealed, or as free as its twin, the page behind it. */
static void expect_first_page(bool sealed)
{
	layout_expect_sealed(arena, sealed ? "Ww" : "ww");
	if (sealed)
		expect_refused(arena);
	else
		expect_free(arena);
	expect_free(arena + page);
}

static const struct verdict_row {
	const char *name;
	long want;
	unsigned int verdict;
	bool sealed;
} verdicts[] = {
	{ "ALLOW", 0, SECCOMP_RET_ALLOW, true },
	{ "LOG", 0, SECCOMP_RET_LOG, true },
	{ "ERRNO, EPERM", -EPERM, SECCOMP_RET_ERRNO | EPERM, false },
	{ "ERRNO, ENOSYS", -ENOSYS, SECCOMP_RET_ERRNO | ENOSYS, false },
	{ "ERRNO, EXDEV", -EXDEV, SECCOMP_RET_ERRNO | EXDEV, false },
	{ "ERRNO, 0", 0, SECCOMP_RET_ERRNO, false },
	{ "TRACE, no tracer", -ENOSYS, SECCOMP_RET_TRACE, false },
};

static void verdict(int row)
{
	const struct verdict_row *v = &verdicts[row];

	layout_map(arena, "ww");
	filter_call(v->verdict);
	ck_assert_int_eq(call_mseal(arena, page, 0), v->want);
	expect_first_page(v->sealed);
}

/* The strictest of several filters decides. */
static void several_filters(int row)
{
	(void)row;
	layout_map(arena, "ww");
	filter_allow_all();
	ck_assert_int_eq(call_mseal(arena + page, 0, 0), 0);
	filter_call(SECCOMP_RET_ERRNO | EXDEV);
	filter_allow_all();
	ck_assert_int_eq(call_mseal(arena, page, 0), -EXDEV);
	expect_first_page(false);
}

static volatile sig_atomic_t trapped;

static void on_sigsys(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	trapped = info->si_code == SYS_SECCOMP ? info->si_syscall : -1;
}

/* The result's register holds the call's number before it, or its first argument. */
#ifdef __aarch64__
#define WHAT_A_TRAP_LEAVES	((long)arena)
#else
#define WHAT_A_TRAP_LEAVES	NR_MSEAL
#endif

static void trap(int row)
{
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	(void)row;
	layout_map(arena, "ww");
	ck_assert_int_eq(sigaction(SIGSYS, &action, NULL), 0);
	filter_call(SECCOMP_RET_TRAP);
	/* The handler is told that, and the registers are those of before the call. */
	ck_assert_int_eq(call_mseal(arena, page, 0), WHAT_A_TRAP_LEAVES);
	ck_assert_int_eq(trapped, NR_MSEAL);
	expect_first_page(false);
}

static const struct kill_row {
	const char *name;
	unsigned int verdict;
} kills[] = {
	{ "KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "KILL_THREAD, the only one", SECCOMP_RET_KILL_THREAD },
};

static void call_killed(void *verdict_of)
{
	filter_call(*(const unsigned int *)verdict_of);
	call_mseal(arena, page, 0);
}

static void killed(int row)
{
	int status;

	layout_map(arena, "ww");
	status = wait_status(child_start(call_killed, (void *)&kills[row].verdict));
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGSYS);
	expect_first_page(false);
}

static void *call_in_thread(void *result)
{
	*(long *)result = call_mseal(arena, page, 0);
	return NULL;
}

static void *filter_and_call(void *verdict_of)
{
	long result;

	call_killed(verdict_of);
	call_in_thread(&result);
	return NULL;
}

/* The others live on, with their memory as it was. */
static void one_thread_killed(int row)
{
	static const unsigned int thread_verdict = SECCOMP_RET_KILL_THREAD;
	pthread_t thread;

	(void)row;
	layout_map(arena, "ww");
	ck_assert_int_eq(pthread_create(&thread, NULL, filter_and_call,
					(void *)&thread_verdict), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	expect_first_page(false);
}

/* What the supervisor of a filter answers, in another process. */
static const struct answer_row {
	const char *name;
	struct seccomp_notif_resp answer;
	long want;
	bool sealed;
} answers[] = {
	{ "error", { .error = -EXDEV }, -EXDEV, false },
	{ "a value", { .val = 77 }, 77, false },
	{ "done", { .val = 0 }, 0, false },
	{ "continue", { .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE }, 0, true },
};

struct supervised {
	int listener;
	long result;
};

static void *call_supervised(void *arg)
{
	const struct filter_rule rule = { NR_MSEAL, SECCOMP_RET_USER_NOTIF };
	struct supervised *supervised = arg;

	supervised->listener =
		filter_install(&rule, 1, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	return call_in_thread(&supervised->result);
}

static bool has_listener(const struct supervised *supervised)
{
	return __atomic_load_n(&supervised->listener, __ATOMIC_ACQUIRE) >= 0;
}

static void supervised(int row)
{
	const struct answer_row *a = &answers[row];
	struct seccomp_notif_resp answer = a->answer;
	struct supervised caller = { .listener = -1, .result = -1 };
	struct seccomp_notif asked = { 0 };
	pthread_t thread;

	layout_map(arena, "ww");
	ck_assert_int_eq(pthread_create(&thread, NULL, call_supervised, &caller), 0);
	while (!has_listener(&caller))
		usleep(1000);
	ck_assert_int_eq(ioctl(caller.listener, SECCOMP_IOCTL_NOTIF_RECV, &asked), 0);
	ck_assert_int_eq(asked.data.nr, NR_MSEAL);
	ck_assert_uint_eq(asked.data.args[0], (unsigned long)arena);
	/* Nothing is done before there is an answer. */
	layout_expect_sealed(arena, "ww");
	answer.id = asked.id;
	ck_assert_int_eq(ioctl(caller.listener, SECCOMP_IOCTL_NOTIF_SEND, &answer), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(caller.result, a->want);
	expect_first_page(a->sealed);
}

/* A thread's call seals for all of them. */
static void for_all_threads(int row)
{
	pthread_t thread;
	long result = -1;

	(void)row;
	layout_map(arena, "ww");
	filter_allow_all();
	ck_assert_int_eq(pthread_create(&thread, NULL, call_in_thread, &result), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(result, 0);
	expect_first_page(true);
}

static void find_inherited(void *arg)
{
	(void)arg;
	layout_expect_sealed(arena, "Www");
	expect_refused(arena);
	ck_assert_int_eq(call_mseal(arena + page, page, 0), 0);
	layout_expect_sealed(arena, "WWw");
}

static void for_children(int row)
{
	(void)row;
	layout_map(arena, "www");
	filter_allow_all();
	ck_assert_int_eq(call_mseal(arena, page, 0), 0);
	in_child(find_inherited, NULL);
	layout_expect_sealed(arena, "Www");
}

/* What one argument too many, or the wrong one, would show. */
static void arguments(int row)
{
	(void)row;
	layout_map(arena, "w.w");
	filter_allow_all();
	ck_assert_int_eq(call_mseal(arena, page, 1), -EINVAL);
	ck_assert_int_eq(call_mseal(arena + 1, page, 0), -EINVAL);
	ck_assert_int_eq(call_mseal(arena, 0, 0), 0);
	ck_assert_int_eq(call_mseal(arena, 3 * page, 0), -ENOMEM);
	layout_expect_sealed(arena, "w.w");
	ck_assert_int_eq(entry_call6(CALL_MSEAL, (long)arena, page, 0, -1, -1, -1), 0);
	layout_expect_sealed(arena, "W.w");
	/* Once more changes nothing. */
	ck_assert_int_eq(call_mseal(arena, page, 0), 0);
	layout_expect_sealed(arena, "W.w");
}

/* And what is sealed next to it joins it. */
static void own_mapping(int row)
{
	(void)row;
	layout_map(arena, "wwww");
	filter_allow_all();
	ck_assert_ptr_eq(mapping_start(arena + 3 * page), arena);
	ck_assert_int_eq(call_mseal(arena + page, page, 0), 0);
	ck_assert_ptr_eq(mapping_start(arena + page), arena + page);
	ck_assert_ptr_eq(mapping_start(arena + 3 * page), arena + 2 * page);
	ck_assert_int_eq(call_mseal(arena + 2 * page, page, 0), 0);
	ck_assert_ptr_eq(mapping_start(arena + 2 * page), arena + page);
	ck_assert_ptr_eq(mapping_start(arena + 3 * page), arena + 3 * page);
	layout_expect_sealed(arena, "wWWw");
}

/* A huge page that is sealed as a whole may be one. */
static void huge_page_remains(int row)
{
	const size_t huge = 2UL << 20;
	const size_t lens[] = { huge - 1, huge - page };
	size_t i;

	(void)row;
	filter_allow_all();
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		char *at = arena + 2 * i * huge;

		ck_assert_ptr_eq(mmap(at, huge, PROT_READ, MAP_PRIVATE |
				      MAP_ANONYMOUS | MAP_FIXED, -1, 0), at);
		ck_assert_int_eq(call_mseal(at, lens[i], 0), 0);
		expect_refused(at);
	}
	ck_assert(!vmflag_set(arena, "nh"));
	ck_assert(mapping_start(arena + 3 * huge - page) == arena + 3 * huge - page);
}

static void refused_splits_nothing(int row)
{
	(void)row;
	layout_map(arena, "ww.");
	filter_allow_all();
	ck_assert_int_eq(call_mseal(arena + page, 2 * page, 0), -ENOMEM);
	ck_assert_int_eq(call_mseal(arena + page, page, 1), -EINVAL);
	ck_assert_ptr_eq(mapping_start(arena + page), arena);
	layout_expect_sealed(arena, "ww.");
}

/* The filter doesn't change how other numbers that nobody has are answered. */
static void other_numbers(int row)
{
	static const long numbers[] = { 1000, 100000, -1, -2 };
	size_t i;

	(void)row;
	layout_map(arena, "ww");
	filter_allow_all();
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		errno = 0;
		ck_assert_int_eq(syscall(numbers[i], arena, page, 0), -1);
		ck_assert_int_eq(errno, ENOSYS);
	}
	ck_assert_int_eq(syscall(SYS_getppid), getppid());
	expect_first_page(false);
}

#ifdef __x86_64__
/* A 64-bit program may leave anything there; the call takes no notice. */
static void upper_halves(int row)
{
	const long high = 1L << 40;
	long ret;

	(void)row;
	layout_map(arena, "ww");
	filter_allow_all();
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "0"((long)NR_MSEAL), "b"((long)arena | high),
			   "c"((long)page | high), "d"(high)
			 : "memory", "cc", "r8", "r9", "r10", "r11");
	ck_assert_int_eq(ret, 0);
	expect_first_page(true);
}
#endif

static const struct test_case cases[] = {
	ROWS(verdict, verdicts),
	CASE(several_filters),
	CASE(trap),
	ROWS(killed, kills),
	CASE(one_thread_killed),
	ROWS(supervised, answers),
	CASE(for_all_threads),
	CASE(for_children),
	CASE(arguments),
	CASE(own_mapping),
	CASE(huge_page_remains),
	CASE(refused_splits_nothing),
	CASE(other_numbers),
};

static const struct test_case int80_cases[] = {
	ROWS(verdict, verdicts),
	CASE(several_filters),
	ROWS(killed, kills),
	ROWS(supervised, answers),
	CASE(for_all_threads),
	CASE(for_children),
	CASE(arguments),
	CASE(own_mapping),
	CASE(huge_page_remains),
	CASE(refused_splits_nothing),
#ifdef __x86_64__
	CASE(upper_halves),
#endif
};

SUITE(serve, cases, ENTRY_USUAL);
SUITE(serve_int80, int80_cases, ENTRY_INT80);
