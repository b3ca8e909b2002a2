/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_COMPAT_ARCH_X86_H
#define _MSEAL_COMPAT_ARCH_X86_H

#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pkeys.h>
#include <linux/ptrace.h>
#include <asm/cpufeature.h>
#include <asm/unistd.h>

#define MSEAL_SYSCALL_PREFIX	"__x64_sys_"
#ifdef CONFIG_IA32_EMULATION
#define MSEAL_COMPAT_SYSCALL_PREFIX	"__ia32_sys_"
#endif

/*
 * Where a function's entry is hooked, in bytes: behind an ENDBR, or at once.  A kernel
 * without any must not be offered the first: some 5.10 take it, and run no hook there.
 */
#ifdef CONFIG_X86_KERNEL_IBT
#define MSEAL_ENTRY_OFFSETS	{ 4, 0 }
#else
#define MSEAL_ENTRY_OFFSETS	{ 0 }
#endif

/* Where a function finds its n-th argument, from 0, if it starts with these registers. */
static __always_inline unsigned long *
mseal_regs_slot(struct pt_regs *regs, unsigned int n)
{
	switch (n) {
	case 0: return &regs->di;
	case 1: return &regs->si;
	case 2: return &regs->dx;
	case 3: return &regs->cx;
	case 4: return &regs->r8;
	case 5: return &regs->r9;
	}
	BUILD_BUG();
	return NULL;
}

#define mseal_fregs_slot(fregs, n)	mseal_regs_slot(&(fregs)->regs, n)

/* Numbers that the i386 entry knows; the header has the 64-bit ones only. */
#define MSEAL_NR_COMPAT_mprotect	125
#define MSEAL_NR_COMPAT_mremap		163
#define MSEAL_NR_COMPAT_prctl		172
#define MSEAL_NR_COMPAT_madvise		219
#define MSEAL_NR_COMPAT_pkey_mprotect	380
#define MSEAL_NR_COMPAT_process_madvise	440

/* x32 calls carry a mark in the number. */
#define mseal_native_nr(nr)	((nr) & ~__X32_SYSCALL_BIT)
#define mseal_compat_syscall()	in_ia32_syscall()

/*
 * For a number that the kernel lacks no function is called that could be hooked.
 * But a task under a seccomp filter has each number put to the filter, and a call
 * that it wants to be skipped leaves the result as it is.
 */
#define MSEAL_SERVED_BY_FILTER

/*
 * A fault in the vsyscall page asks the filter on behalf of the function that it
 * emulates, and takes another number for an attack.
 */
#define mseal_emulated_syscall()	((long)task_pt_regs(current)->ip < 0)

/* The running call's arguments as they are now, which is what the call sees. */
#define mseal_raw_args(args)	\
	syscall_get_arguments(current, task_pt_regs(current), args)

/*
 * The key that a mapping has after an mprotect() that names none, as the kernel's
 * own __arch_override_mprotect_pkey() has it: what may only be executed gets a
 * key of its own, and loses it again.
 */
static inline int mseal_usual_pkey(struct vm_area_struct *vma,
				   unsigned long prot)
{
#ifdef CONFIG_X86_INTEL_MEMORY_PROTECTION_KEYS
	const unsigned long access = VM_READ | VM_WRITE | VM_EXEC;
	int exec_only = vma->vm_mm->context.execute_only_pkey;

	if (!cpu_feature_enabled(X86_FEATURE_OSPKE))
		return 0;
	if (prot == PROT_EXEC && exec_only > 0)
		return exec_only;
	if (prot != PROT_EXEC && (vma->vm_flags & access) == VM_EXEC &&
	    vma_pkey(vma) == exec_only)
		return 0;
	return vma_pkey(vma);
#else
	return 0;
#endif
}

#endif /* _MSEAL_COMPAT_ARCH_X86_H */
