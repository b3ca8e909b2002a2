/* SPDX-License-Identifier: GPL-2.0 */
/* What follows a refusal, beside the answer. */
#ifndef _MSEAL_REFUSAL_H
#define _MSEAL_REFUSAL_H

#include <linux/mseal_dev.h>
#include <linux/types.h>

struct mm_struct;

#define MSEAL_NR_OPS	(MSEAL_OP_SEAL + 1)

/**
 * mseal_refused() - count, trace and log a refusal, and end its cause if it is fatal
 * @op: what was refused
 * @mm: address space it would have changed; the caller holds its mmap_lock
 * @start: first byte
 * @end: first byte behind the range
 *
 * For ordinary context, not for a handler.
 */
void mseal_refused(enum mseal_op op, struct mm_struct *mm, unsigned long start,
		   unsigned long end);

/**
 * mseal_reported() - count and trace what MSEAL_T_REPORT lets pass
 * @op: what would have been refused
 * @mm: address space that it changes; the caller holds its mmap_lock
 * @start: first byte
 * @end: first byte behind the range
 *
 * Safe in an ftrace handler.
 */
void mseal_reported(enum mseal_op op, struct mm_struct *mm, unsigned long start,
		    unsigned long end);

/* A seal has been set; the types as the caller gave them. */
void mseal_trace_sealed(unsigned long start, unsigned long end, u64 types);

/* What has come together since the module was loaded. */
void mseal_count_of(enum mseal_op op, struct mseal_count *count);
unsigned long mseal_refusals(void);
unsigned long mseal_reports(void);

#endif /* _MSEAL_REFUSAL_H */
