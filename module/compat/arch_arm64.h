/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_COMPAT_ARCH_ARM64_H
#define _MSEAL_COMPAT_ARCH_ARM64_H

#include <linux/compat.h>
#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <asm/unistd.h>

/* 32-bit callers reach the same functions. */
#define MSEAL_SYSCALL_PREFIX	"__arm64_sys_"

/* Where a function's entry is hooked, in bytes: behind a BTI, or without one. */
#define MSEAL_ENTRY_OFFSETS	{ 8, 4 }

/* Where a function finds its n-th argument, from 0, if it starts with these registers. */
static __always_inline unsigned long *
mseal_regs_slot(struct pt_regs *regs, unsigned int n)
{
	return (unsigned long *)&regs->regs[n];
}

/* With WITH_ARGS there is no pt_regs inside, but the argument registers are. */
#if IS_ENABLED(CONFIG_DYNAMIC_FTRACE_WITH_ARGS)
#define mseal_fregs_slot(fregs, n)	(&(fregs)->regs[n])
#else
#define mseal_fregs_slot(fregs, n)	mseal_regs_slot(&(fregs)->regs, n)
#endif

/* Numbers that 32-bit callers use; the header has the 64-bit ones only. */
#define MSEAL_NR_COMPAT_mprotect	125
#define MSEAL_NR_COMPAT_mremap		163
#define MSEAL_NR_COMPAT_prctl		172
#define MSEAL_NR_COMPAT_madvise		220
#define MSEAL_NR_COMPAT_pkey_mprotect	394
#define MSEAL_NR_COMPAT_process_madvise	440

#define mseal_native_nr(nr)	(nr)
#define mseal_compat_syscall()	in_compat_syscall()
#define mseal_emulated_syscall()	false

/*
 * The running call's arguments as they are now, which is what the call sees;
 * syscall_get_arguments() gives the first as it was before a tracer changed it.
 */
#define mseal_raw_args(args)	\
	memcpy(args, task_pt_regs(current)->regs, 6 * sizeof((args)[0]))

/* The key that a mapping has after an mprotect() that names none. */
static inline int mseal_usual_pkey(struct vm_area_struct *vma,
				   unsigned long prot)
{
	return 0;
}

#endif /* _MSEAL_COMPAT_ARCH_ARM64_H */
