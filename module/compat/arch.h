/* SPDX-License-Identifier: GPL-2.0 */
/* What depends on the processor. */
#ifndef _MSEAL_COMPAT_ARCH_H
#define _MSEAL_COMPAT_ARCH_H

#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>
#include <asm/syscall.h>

#if defined(CONFIG_X86_64)
#include "arch_x86.h"
#elif defined(CONFIG_ARM64)
#include "arch_arm64.h"
#else
#error "mseal doesn't know this processor"
#endif

/* mseal(2), the same for 32-bit callers. */
#define MSEAL_NR	462

/* Is that the running task's call, by the number as it is now? */
static inline bool mseal_asked_for(void)
{
	return syscall_get_nr(current, task_pt_regs(current)) == MSEAL_NR &&
	       !mseal_emulated_syscall();
}

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
static __always_inline void mseal_syscall_args(unsigned long args[6])
{
	const unsigned long seen = mseal_compat_syscall() ? U32_MAX : ULONG_MAX;

	mseal_raw_args(args);
	/* No loop, so that what the caller doesn't use isn't even read. */
	args[0] &= seen;
	args[1] &= seen;
	args[2] &= seen;
	args[3] &= seen;
	args[4] &= seen;
	args[5] &= seen;
}

#endif /* _MSEAL_COMPAT_ARCH_H */
