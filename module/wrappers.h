/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that stand in for hooked ones.  They run in the caller's ordinary
 * context and may sleep; in the wrappers only tasks end up that act on an address
 * space with seals, which keeps this module loaded.
 *
 * The bind functions are told where the original is, before it is hooked.
 */
#ifndef _MSEAL_WRAPPERS_H
#define _MSEAL_WRAPPERS_H

#include <linux/mseal_dev.h>
#include <linux/types.h>

#include "compat/compat.h"

struct list_head;
struct mm_struct;
struct mseal_symbol;
struct pt_regs;
struct vm_area_struct;

#ifdef MSEAL_UNMAP_BY_LEN
int mseal_wrap_unmap(struct mm_struct *mm, unsigned long start, size_t len,
		     struct list_head *uf, bool unlock);
#else
int mseal_wrap_unmap(void *state, struct vm_area_struct *vma,
		     struct mm_struct *mm, unsigned long start,
		     unsigned long end, struct list_head *uf, bool unlock);
#endif
void mseal_bind_unmap(unsigned long addr);

void mseal_wrap_fork(struct mm_struct *oldmm, struct mm_struct *mm);
void mseal_bind_fork(unsigned long addr);

long mseal_wrap_mremap(const struct pt_regs *regs);
void mseal_bind_mremap(unsigned long addr);
#ifdef MSEAL_MREMAP_COMPAT
long mseal_wrap_mremap_compat(const struct pt_regs *regs);
void mseal_bind_mremap_compat(unsigned long addr);
#endif

int mseal_wrap_madvise(struct mm_struct *mm, unsigned long start, size_t len,
		       int behavior);
void mseal_bind_madvise(unsigned long addr);
long mseal_wrap_sys_madvise(const struct pt_regs *regs);

/* The functions of madvise() from which it calls others; some may not exist. */
extern const char *const mseal_madvise_texts[MSEAL_NR_MADVISE_TEXTS];
void mseal_bind_madvise_texts(const struct mseal_symbol *found);
bool mseal_called_by_madvise(unsigned long ip);

/* What madvise() does to the running task's address space, hooks included. */
int mseal_call_madvise(unsigned long start, size_t len, int behavior);

/*
 * The next four are called as mseal_deny_by() says.  In the place of
 * find_vma_prev(): nothing is mapped from there on.
 */
struct vm_area_struct *mseal_no_vma(struct mm_struct *mm, unsigned long start,
				    struct vm_area_struct **pprev,
				    unsigned long end, enum mseal_op op);
struct vm_area_struct *mseal_no_vma_unseen(struct mm_struct *mm,
					   unsigned long start,
					   struct vm_area_struct **pprev,
					   unsigned long end, enum mseal_op op);

/* In the place of what drops pages or marks them free. */
long mseal_not_dropped(struct mm_struct *mm, unsigned long start, void *third,
		       unsigned long end, enum mseal_op op);
long mseal_not_dropped_unseen(struct mm_struct *mm, unsigned long start,
			      void *third, unsigned long end, enum mseal_op op);

/* In the place of anything whose refusal has been noted before. */
long mseal_nothing(void);

void mseal_wrap_exit(struct mm_struct *mm);
void mseal_bind_exit(unsigned long addr);

#endif /* _MSEAL_WRAPPERS_H */
