/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel functions that are hooked, and where their arguments are.
 *
 * Each has the prototype that the hook relies on, spelled as mseal_prototypes()
 * does.  "..." stands for parameters that no hook looks at.
 */
#ifndef _MSEAL_COMPAT_TARGETS_H
#define _MSEAL_COMPAT_TARGETS_H

#include <linux/mm.h>

#include "../policy.h"
#include "ftrace.h"

/*
 * The one function that every unmap of a range of a living address space goes
 * through: __do_munmap(mm, start, len, ...) up to 6.0, then the inner half of
 * its successors, (state, vma, mm, start, end, ...), since brk() calls that one.
 */
#if defined(MSEAL_HAVE_DO_VMI_MUNMAP)
#define MSEAL_UNMAP	"do_vmi_align_munmap"
#define MSEAL_UNMAP_PROTOTYPE						\
	"int do_vmi_align_munmap(struct vma_iterator *, "		\
	"struct vm_area_struct *, struct mm_struct *, unsigned long, "	\
	"unsigned long, struct list_head *, bool)"
#elif defined(MSEAL_HAVE_DO_MAS_MUNMAP)
#define MSEAL_UNMAP	"do_mas_align_munmap"
#define MSEAL_UNMAP_PROTOTYPE						\
	"int do_mas_align_munmap(struct ma_state *, "			\
	"struct vm_area_struct *, struct mm_struct *, unsigned long, "	\
	"unsigned long, struct list_head *, bool)"
#else
#define MSEAL_UNMAP	"__do_munmap"
#define MSEAL_UNMAP_PROTOTYPE						\
	"int __do_munmap(struct mm_struct *, unsigned long, size_t, "	\
	"struct list_head *, bool)"
#define MSEAL_UNMAP_BY_LEN
#endif

static __always_inline struct mm_struct *
mseal_unmap_mm(struct mseal_fregs *fregs)
{
#ifdef MSEAL_UNMAP_BY_LEN
	return (struct mm_struct *)mseal_arg(fregs, 0);
#else
	return (struct mm_struct *)mseal_arg(fregs, 2);
#endif
}

static __always_inline struct mseal_mm_range
mseal_unmap_args(struct mseal_fregs *fregs)
{
#ifdef MSEAL_UNMAP_BY_LEN
	unsigned long start = mseal_arg(fregs, 1), len = mseal_arg(fregs, 2);

	/* It checks its arguments itself, and EINVAL comes before EPERM. */
	if (offset_in_page(start) || start > TASK_SIZE ||
	    len > TASK_SIZE - start)
		len = 0;
	return (struct mseal_mm_range) {
		.mm = mseal_unmap_mm(fregs),
		.start = start,
		.end = start + PAGE_ALIGN(len),
	};
#else
	return (struct mseal_mm_range) {
		.mm = mseal_unmap_mm(fregs),
		.start = mseal_arg(fregs, 3),
		.end = mseal_arg(fregs, 4),
	};
#endif
}

/* mmap_region(file, addr, len, ...), always for the running task's mm */
#define MSEAL_MAP	"mmap_region"
#define MSEAL_MAP_PROTOTYPE						\
	"unsigned long mmap_region(struct file *, unsigned long, "	\
	"unsigned long, vm_flags_t, unsigned long, struct list_head *)"

static __always_inline struct mseal_mm_range
mseal_map_args(struct mseal_fregs *fregs)
{
	unsigned long start = mseal_arg(fregs, 1);

	return (struct mseal_mm_range) {
		.mm = current->mm,
		.start = start,
		.end = start + PAGE_ALIGN(mseal_arg(fregs, 2)),
	};
}

/*
 * mprotect_fixup(vma, pprev, start, end, newflags) got an mmu_gather in front in
 * 5.19 and a vma_iterator before that in 6.3.
 */
#define MSEAL_PROTECT	"mprotect_fixup"
#if defined(MSEAL_HAVE_FIXUP_VMI)
#define MSEAL_FIXUP_VMA		2
#define MSEAL_FIXUP_FIRST	"struct vma_iterator *, struct mmu_gather *, "
#elif defined(MSEAL_HAVE_FIXUP_TLB)
#define MSEAL_FIXUP_VMA		1
#define MSEAL_FIXUP_FIRST	"struct mmu_gather *, "
#else
#define MSEAL_FIXUP_VMA		0
#define MSEAL_FIXUP_FIRST	""
#endif
#define MSEAL_PROTECT_PROTOTYPE						\
	"int mprotect_fixup(" MSEAL_FIXUP_FIRST				\
	"struct vm_area_struct *, struct vm_area_struct **, "		\
	"unsigned long, unsigned long, unsigned long)"

/* A mapping of which [start, end) is to have these flags. */
struct mseal_change {
	struct vm_area_struct *vma;
	unsigned long start;
	unsigned long end;
	unsigned long flags;
};

static __always_inline struct mseal_change
mseal_protect_args(struct mseal_fregs *fregs)
{
	return (struct mseal_change) {
		.vma = (struct vm_area_struct *)mseal_arg(fregs,
							  MSEAL_FIXUP_VMA),
		.start = mseal_arg(fregs, MSEAL_FIXUP_VMA + 2),
		.end = mseal_arg(fregs, MSEAL_FIXUP_VMA + 3),
		.flags = mseal_arg(fregs, MSEAL_FIXUP_VMA + 4),
	};
}

/*
 * vma_to_resize(addr, old_len, ...), for the running task's mm: every mremap()
 * that moves or grows.  Answers an error as a pointer.
 */
#define MSEAL_RESIZE	"vma_to_resize"
#define MSEAL_RESIZE_PROTOTYPE						\
	"struct vm_area_struct *vma_to_resize(unsigned long, unsigned long, ...)"

static __always_inline struct mseal_mm_range
mseal_resize_args(struct mseal_fregs *fregs)
{
	unsigned long start = mseal_arg(fregs, 0);

	return (struct mseal_mm_range) {
		.mm = current->mm,
		.start = start,
		/* A length of 0 duplicates the shared mapping at start. */
		.end = mseal_end(start, mseal_arg(fregs, 1) ?: PAGE_SIZE),
	};
}

/* The calls themselves, with the user's registers as their argument. */
#define MSEAL_SYSCALL_PROTOTYPE(function)				\
	"long " function "(const struct pt_regs *)"
#define MSEAL_MREMAP		MSEAL_SYSCALL_PREFIX "mremap"
#ifdef MSEAL_COMPAT_SYSCALL_PREFIX
#define MSEAL_MREMAP_COMPAT	MSEAL_COMPAT_SYSCALL_PREFIX "mremap"
#endif

/*
 * do_madvise(mm, start, len, behavior) has arguments that say what is to be done,
 * and takes the lock; find_vma_prev(mm, addr, pprev) is the first thing that it
 * calls under the lock, and can make it give up.
 */
#define MSEAL_MADVISE		"do_madvise"
#define MSEAL_MADVISE_PROTOTYPE						\
	"int do_madvise(struct mm_struct *, unsigned long, size_t, int)"
#define MSEAL_MADVISE_WALK	"find_vma_prev"
#define MSEAL_MADVISE_WALK_PROTOTYPE					\
	"struct vm_area_struct *find_vma_prev(struct mm_struct *, "	\
	"unsigned long, struct vm_area_struct **)"

/*
 * Where the compiler has split do_madvise(), up to 5.17 or so, the system call
 * goes to the inner part directly, so it is wrapped as well.
 */
#define MSEAL_MADVISE_PART	"do_madvise.part.0"
#define MSEAL_SYS_MADVISE	MSEAL_SYSCALL_PREFIX "madvise"
#ifdef MSEAL_COMPAT_SYSCALL_PREFIX
#define MSEAL_SYS_MADVISE_COMPAT MSEAL_COMPAT_SYSCALL_PREFIX "madvise"
#endif

/*
 * Where madvise() calls what is hooked: the compiler leaves some of these functions
 * and makes others part of their callers.
 */
#define MSEAL_MADVISE_TEXTS						\
	"do_madvise", MSEAL_MADVISE_PART, "madvise_walk_vmas",		\
	"madvise_vma_behavior", "madvise_dontneed_free",		\
	"madvise_dontneed_free_valid_vma", "madvise_free_single_vma"
#define MSEAL_NR_MADVISE_TEXTS	7

/*
 * What drops pages for MADV_DONTNEED: zap_page_range(vma, start, size) up to
 * 5.17 or so, then zap_page_range_single(vma, start, size, details).
 */
#ifdef MSEAL_HAVE_ZAP_SINGLE
#define MSEAL_ZAP	"zap_page_range_single"
#define MSEAL_ZAP_PROTOTYPE						\
	"void zap_page_range_single(struct vm_area_struct *, "		\
	"unsigned long, unsigned long, struct zap_details *)"
#else
#define MSEAL_ZAP	"zap_page_range"
#define MSEAL_ZAP_PROTOTYPE						\
	"void zap_page_range(struct vm_area_struct *, unsigned long, "	\
	"unsigned long)"
#endif

static __always_inline struct vm_area_struct *
mseal_zap_vma(struct mseal_fregs *fregs)
{
	return (struct vm_area_struct *)mseal_arg(fregs, 0);
}

static __always_inline struct mseal_mm_range
mseal_zap_args(struct mseal_fregs *fregs)
{
	unsigned long start = mseal_arg(fregs, 1);

	return (struct mseal_mm_range) {
		.mm = mseal_zap_vma(fregs)->vm_mm,
		.start = start,
		.end = mseal_end(start, mseal_arg(fregs, 2)),
	};
}

/* walk_page_range(mm, start, end, ...), which marks pages for MADV_FREE */
#define MSEAL_FREE	"walk_page_range"
#define MSEAL_FREE_PROTOTYPE						\
	"int walk_page_range(struct mm_struct *, unsigned long, "	\
	"unsigned long, const struct mm_walk_ops *, void *)"

static __always_inline struct mseal_mm_range
mseal_free_args(struct mseal_fregs *fregs)
{
	return (struct mseal_mm_range) {
		.mm = (struct mm_struct *)mseal_arg(fregs, 0),
		.start = mseal_arg(fregs, 1),
		.end = mseal_arg(fregs, 2),
	};
}

/* uprobe_dup_mmap(oldmm, mm), first thing under fork()'s lock of oldmm */
#define MSEAL_FORK	"uprobe_dup_mmap"
#define MSEAL_FORK_PROTOTYPE						\
	"void uprobe_dup_mmap(struct mm_struct *, struct mm_struct *)"
/* exit_mmap(mm), when the last user of an address space has gone */
#define MSEAL_EXIT	"exit_mmap"
#define MSEAL_EXIT_PROTOTYPE	"void exit_mmap(struct mm_struct *)"

/*
 * Where a number that the kernel lacks is served: __secure_computing(sd) is asked
 * about each number of a filtered task, and its -1 says that there is a result;
 * what sys_ni_syscall() answers is the result.
 */
#ifdef MSEAL_SERVED_BY_FILTER
#define MSEAL_SERVE	"__secure_computing"
#define MSEAL_SERVE_PROTOTYPE						\
	"int __secure_computing(const struct seccomp_data *)"
#else
#define MSEAL_SERVE	"sys_ni_syscall"
#define MSEAL_SERVE_PROTOTYPE	"long sys_ni_syscall(void)"
#endif

#endif /* _MSEAL_COMPAT_TARGETS_H */
