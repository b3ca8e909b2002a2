// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#ifdef __x86_64__
#include <check.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "tracer.h"

/* The tracee needs no code of ours: the same text is in all these processes. */
extern const char tracer_call[];
__asm__(".text\n"
	"tracer_call: syscall\n"
	"	int3\n");

int tracer_wait(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, __WALL), pid);
	ck_assert_msg(WIFSTOPPED(status), "tracee's wait status is %#x", status);
	return WSTOPSIG(status);
}

long tracer_inject(pid_t pid, long nr, unsigned long a, unsigned long b,
		   unsigned long c, unsigned long d, unsigned long e)
{
	struct user_regs_struct saved, regs;
	long ret;

	ck_assert_int_eq(ptrace(PTRACE_GETREGS, pid, NULL, &saved), 0);
	regs = saved;
	regs.rip = (unsigned long)tracer_call;
	regs.rax = nr;
	/* Or the kernel would restart the call in which it was stopped. */
	regs.orig_rax = -1UL;
	regs.rdi = a;
	regs.rsi = b;
	regs.rdx = c;
	regs.r10 = d;
	regs.r8 = e;
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, pid, NULL, &regs), 0);
	ck_assert_int_eq(ptrace(PTRACE_CONT, pid, NULL, NULL), 0);
	ck_assert_int_eq(tracer_wait(pid), SIGTRAP);
	ck_assert_int_eq(ptrace(PTRACE_GETREGS, pid, NULL, &regs), 0);
	ret = (long)regs.rax;
	ck_assert_int_eq(ptrace(PTRACE_SETREGS, pid, NULL, &saved), 0);
	return ret;
}
#endif /* __x86_64__ */
