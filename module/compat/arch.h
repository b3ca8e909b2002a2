/* SPDX-License-Identifier: GPL-2.0 */
/* What depends on the processor. */
#ifndef _MSEAL_COMPAT_ARCH_H
#define _MSEAL_COMPAT_ARCH_H

#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#ifdef CONFIG_X86_64

#define MSEAL_SYSCALL_PREFIX	"__x64_sys_"
#ifdef CONFIG_IA32_EMULATION
#define MSEAL_COMPAT_SYSCALL_PREFIX	"__ia32_sys_"
#endif

/* The n-th argument, from 0, of a function at whose entry the registers are. */
static __always_inline unsigned long
mseal_regs_arg(const struct pt_regs *regs, unsigned int n)
{
	switch (n) {
	case 0: return regs->di;
	case 1: return regs->si;
	case 2: return regs->dx;
	case 3: return regs->cx;
	case 4: return regs->r8;
	case 5: return regs->r9;
	}
	BUILD_BUG();
	return 0;
}

/* Numbers that the i386 entry knows; the header has the 64-bit ones only. */
#define MSEAL_NR_COMPAT_mprotect	125
#define MSEAL_NR_COMPAT_mremap		163
#define MSEAL_NR_COMPAT_madvise		219
#define MSEAL_NR_COMPAT_pkey_mprotect	380
#define MSEAL_NR_COMPAT_process_madvise	440

/* x32 calls carry a mark in the number. */
#define mseal_native_nr(nr)	((nr) & ~__X32_SYSCALL_BIT)
#define mseal_compat_syscall()	in_ia32_syscall()

#else
#error "mseal doesn't know this processor"
#endif

/**
 * mseal_in_syscall() - is the running task in this system call?
 * @name: the call's name
 *
 * Only for calls that provably are the caller of the function that asks: what
 * else runs before the return to user mode sees the same registers.  Kernel
 * threads and io_uring's workers carry a copy of their creator's.
 */
#define mseal_in_syscall(name)						\
	__mseal_in_syscall(__NR_##name, MSEAL_NR_COMPAT_##name)

static inline bool __mseal_in_syscall(int native, int compat)
{
	int nr;

	if (current->flags & (PF_KTHREAD | PF_IO_WORKER))
		return false;
	nr = syscall_get_nr(current, task_pt_regs(current));
	if (mseal_compat_syscall())
		return nr == compat;
	return mseal_native_nr(nr) == native;
}

/**
 * mseal_syscall_args() - the arguments of the running system call
 * @args: where to put all six, as the call itself sees them
 *
 * A 64-bit program that enters by the i386 way may leave anything in the upper
 * halves; the calls drop it.
 */
static inline void mseal_syscall_args(unsigned long args[6])
{
	unsigned int i;

	syscall_get_arguments(current, task_pt_regs(current), args);
	if (mseal_compat_syscall())
		for (i = 0; i < 6; i++)
			args[i] = (u32)args[i];
}

#endif /* _MSEAL_COMPAT_ARCH_H */
