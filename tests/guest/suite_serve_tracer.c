// SPDX-License-Identifier: GPL-2.0
/*
 * System call 462 under a filter and a tracer, which sees the call, and may make
 * it another one: before the filter is asked, or because the filter tells it.
 */
#define _GNU_SOURCE
#ifdef __x86_64__
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cases.h"
#include "expect.h"
#include "filter.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

/* A call without effects, which takes no arguments and so leaves them. */
#define HARMLESS	SYS_getuid
#define ROOTS		0
/* What number, or result, a tracer leaves alone. */
#define KEEP		INT64_MIN
#define SYSCALL_STOP	(SIGTRAP | 0x80)
#define EVENT_STOP	(SIGTRAP | PTRACE_EVENT_SECCOMP << 8)

static long call(long nr, void *addr, unsigned long flags)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(addr), "S"(page), "d"(flags)
			 : "memory", "cc", "rcx", "r11");
	return ret;
}

static const struct rewrite_row {
	const char *name;
	long nr;		/* called */
	long to, result;	/* set by the tracer */
	long want;
	unsigned int verdict;	/* on 462 */
	unsigned int harmless;	/* on the other one */
	bool by_event;		/* told by the filter; else it stops at each call */
	bool sealed;
} rewrites[] = {
	{ "told, kept", NR_MSEAL, KEEP, KEEP, 0,
	  SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW, true, true },
	{ "told, from", NR_MSEAL, HARMLESS, KEEP, ROOTS,
	  SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW, true, false },
	{ "told, from, forbidden", NR_MSEAL, HARMLESS, KEEP, -EXDEV,
	  SECCOMP_RET_TRACE, SECCOMP_RET_ERRNO | EXDEV, true, false },
	{ "told, skipped", NR_MSEAL, -1, -EXDEV, -EXDEV,
	  SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW, true, false },
	{ "told, skipped with success", NR_MSEAL, -1, 0, 0,
	  SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW, true, false },
	{ "told, to", HARMLESS, NR_MSEAL, KEEP, 0,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_TRACE, true, true },
	{ "told, to, told again", HARMLESS, NR_MSEAL, KEEP, 0,
	  SECCOMP_RET_TRACE, SECCOMP_RET_TRACE, true, true },
	{ "told, to, forbidden", HARMLESS, NR_MSEAL, KEEP, -EXDEV,
	  SECCOMP_RET_ERRNO | EXDEV, SECCOMP_RET_TRACE, true, false },
	{ "told, to nobody's", HARMLESS, 1000, KEEP, -ENOSYS,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_TRACE, true, false },
	{ "stopped, kept", NR_MSEAL, KEEP, KEEP, 0,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, false, true },
	{ "stopped, from", NR_MSEAL, HARMLESS, KEEP, ROOTS,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, false, false },
	{ "stopped, skipped", NR_MSEAL, -1, -EXDEV, -EXDEV,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, false, false },
	{ "stopped, to", HARMLESS, NR_MSEAL, KEEP, 0,
	  SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, false, true },
	{ "stopped, to, forbidden", HARMLESS, NR_MSEAL, KEEP, -EXDEV,
	  SECCOMP_RET_ERRNO | EXDEV, SECCOMP_RET_ALLOW, false, false },
};

/* Between two stops for its tracer it makes one call, and nothing else. */
static void traced(void *arg)
{
	const struct rewrite_row *r = arg;
	const struct filter_rule rules[] = {
		{ NR_MSEAL, r->verdict }, { HARMLESS, r->harmless },
	};
	long ret;

	filter_install(rules, ARRAY_SIZE(rules), 0);
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
	ret = call(r->nr, arena, 0);
	ck_assert_int_eq(ret, r->want);
	layout_expect_sealed(arena, r->sealed ? "Ww" : "ww");
	if (r->sealed)
		expect_refused(arena);
	else
		expect_free(arena);
	expect_free(arena + page);
}

static void expect_stop(pid_t pid, int want)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, __WALL), pid);
	ck_assert_msg(WIFSTOPPED(status) && status >> 8 == want,
		      "want a stop by %#x, got wait status %#x", want, status);
}

static void go_on(pid_t pid, int how)
{
	ck_assert_int_eq(ptrace(how, pid, NULL, NULL), 0);
}

static pid_t start_traced(void (*fn)(void *), const void *arg)
{
	pid_t pid = child_start(fn, (void *)arg);

	expect_stop(pid, SIGSTOP);
	ck_assert_int_eq(ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL |
				PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP), 0);
	return pid;
}

static struct user_regs_struct registers(pid_t pid)
{
	struct user_regs_struct regs;

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, pid, NULL, &regs), 0);
	return regs;
}

static void set_call(pid_t pid, long nr, long result)
{
	struct user_regs_struct regs = registers(pid);

	if (nr != KEEP)
		regs.orig_rax = nr;
	if (result != KEEP)
		regs.rax = result;
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, pid, NULL, &regs), 0);
}

/* Until the tracee is about to make the call; raise() has some left to make. */
static void run_to_call(pid_t pid, const struct rewrite_row *r)
{
	go_on(pid, r->by_event ? PTRACE_CONT : PTRACE_SYSCALL);
	if (r->by_event) {
		expect_stop(pid, EVENT_STOP);
		return;
	}
	expect_stop(pid, SYSCALL_STOP);
	while ((long)registers(pid).orig_rax != r->nr) {
		go_on(pid, PTRACE_SYSCALL);
		expect_stop(pid, SYSCALL_STOP);
	}
}

static void rewrite(int row)
{
	const struct rewrite_row *r = &rewrites[row];
	pid_t pid;

	layout_map(arena, "ww");
	pid = start_traced(traced, r);
	run_to_call(pid, r);
	ck_assert_int_eq(registers(pid).orig_rax, r->nr);
	ck_assert_int_eq((long)registers(pid).rax, -ENOSYS);
	set_call(pid, r->to, r->result);
	go_on(pid, PTRACE_SYSCALL);
	/* The end of the call, with its result. */
	expect_stop(pid, SYSCALL_STOP);
	ck_assert_int_eq((long)registers(pid).rax, r->want);
	go_on(pid, PTRACE_DETACH);
	child_wait(pid);
}

static const struct seen_row {
	const char *name;
	unsigned long addr, flags;	/* address from the arena's start */
	long want;
} seen[] = {
	{ "success", 0, 0, 0 },
	{ "bad flags", 0, 1, -EINVAL },
	{ "unaligned", 1, 0, -EINVAL },
	{ "hole", 4096, 0, -ENOMEM },
};

static void call_seen(void *arg)
{
	const struct seen_row *s = arg;

	filter_allow_all();
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
	ck_assert_int_eq(call(NR_MSEAL, arena + s->addr, s->flags), s->want);
	layout_expect_sealed(arena, s->want ? "w" : "W");
}

static struct __ptrace_syscall_info stopped_call(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };

	ck_assert_int_gt(ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info), 0);
	return info;
}

/* As strace does. */
static void watched(int row)
{
	const struct seen_row *s = &seen[row];
	struct __ptrace_syscall_info info;
	pid_t pid;

	layout_map(arena, "w");
	pid = start_traced(call_seen, s);
	do {
		go_on(pid, PTRACE_SYSCALL);
		expect_stop(pid, SYSCALL_STOP);
		info = stopped_call(pid);
	} while (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != NR_MSEAL);
	ck_assert_uint_eq(info.entry.args[0], (unsigned long)arena + s->addr);
	ck_assert_uint_eq(info.entry.args[1], page);
	ck_assert_uint_eq(info.entry.args[2], s->flags);
	go_on(pid, PTRACE_SYSCALL);
	expect_stop(pid, SYSCALL_STOP);
	info = stopped_call(pid);
	ck_assert_int_eq(info.op, PTRACE_SYSCALL_INFO_EXIT);
	ck_assert_int_eq(info.exit.rval, s->want);
	ck_assert_int_eq(info.exit.is_error, s->want != 0);
	go_on(pid, PTRACE_DETACH);
	child_wait(pid);
}

static void call_for_second_page(void *arg)
{
	const struct filter_rule rule = { NR_MSEAL, SECCOMP_RET_TRACE };

	(void)arg;
	filter_install(&rule, 1, 0);
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
	ck_assert_int_eq(call(NR_MSEAL, arena, 0), 0);
	layout_expect_sealed(arena, "wW");
}

/* What counts are the arguments that the tracer leaves. */
static void other_arguments(int row)
{
	struct user_regs_struct regs;
	pid_t pid;

	(void)row;
	layout_map(arena, "ww");
	pid = start_traced(call_for_second_page, NULL);
	go_on(pid, PTRACE_CONT);
	expect_stop(pid, EVENT_STOP);
	regs = registers(pid);
	regs.rdi += page;
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, pid, NULL, &regs), 0);
	go_on(pid, PTRACE_DETACH);
	child_wait(pid);
}

#define VSYSCALL_TIME	0xffffffffff600400UL

/* A function of the kernel's that is emulated, and asks the filter as well. */
static void call_emulated(void *arg)
{
	const struct filter_rule rule = { SYS_time, SECCOMP_RET_TRACE };
	long (*volatile emulated)(void *) = (long (*)(void *))VSYSCALL_TIME;

	(void)arg;
	filter_install(&rule, 1, 0);
	ck_assert_int_eq(ptrace(PTRACE_TRACEME, 0, NULL, NULL), 0);
	raise(SIGSTOP);
	emulated(arg);
}

static void emulated(int row)
{
	int status;
	pid_t pid;

	(void)row;
	pid = start_traced(call_emulated, NULL);
	go_on(pid, PTRACE_CONT);
	ck_assert_int_eq(waitpid(pid, &status, __WALL), pid);
	if (WIFSTOPPED(status) && status >> 8 == SIGSEGV)
		skip("this kernel has no vsyscall page");
	ck_assert_int_eq(status >> 8, EVENT_STOP);
	ck_assert_int_eq(registers(pid).orig_rax, SYS_time);
	set_call(pid, NR_MSEAL, KEEP);
	go_on(pid, PTRACE_DETACH);
	status = wait_status(pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGSYS);
}

/* By a jump there, with all that a call of mseal() would have in its registers. */
static long jump_to_time(char *addr)
{
	long ret = NR_MSEAL;

	__asm__ volatile("subq $128, %%rsp\n\t"
			 "call *%[time]\n\t"
			 "addq $128, %%rsp"
			 : "+a"(ret)
			 : [time] "r"(VSYSCALL_TIME), "D"(addr), "S"(page), "d"(0L)
			 : "memory", "cc", "rcx", "r11");
	return ret;
}

static void tell_time(void *arg)
{
	long now = time(NULL), told;

	(void)arg;
	filter_allow_all();
	told = jump_to_time(arena);
	ck_assert_int_ge(told, now);
	ck_assert_int_le(told, time(NULL));
	ck_assert_int_eq(*(long *)arena, told);
	expect_free(arena);
}

/* What the register holds isn't the number of a call there. */
static void emulated_and_allowed(int row)
{
	int status;

	(void)row;
	layout_map(arena, "ww");
	status = wait_status(child_start(tell_time, NULL));
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)
		skip("this kernel has no vsyscall page");
	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status), "wait status %#x", status);
}

static const struct test_case cases[] = {
	ROWS(rewrite, rewrites),
	ROWS(watched, seen),
	CASE(other_arguments),
	CASE(emulated),
	CASE(emulated_and_allowed),
};

SUITE(serve_tracer, cases, ENTRY_USUAL);
#endif /* __x86_64__ */
