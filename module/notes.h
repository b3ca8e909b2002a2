/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_NOTES_H
#define _MSEAL_NOTES_H

#include <linux/list.h>
#include <linux/types.h>

struct mm_struct;
struct task_struct;

/**
 * struct mseal_note - an madvise() that is under way, or an mremap()
 * @node: in the table of notes; its lock
 * @task: who is at it; at most one note each
 * @mm: address space acted on
 * @start: first byte
 * @end: first byte behind the range
 * @behavior: MADV_*
 * @judged: the check under mmap_lock has been reached; @task only
 * @denied: and something was refused; @task only
 */
struct mseal_note {
	struct hlist_node node;
	struct task_struct *task;
	struct mm_struct *mm;
	unsigned long start;
	unsigned long end;
	int behavior;
	bool judged;
	bool denied;
};

void mseal_note_begin(struct mseal_note *note);
void mseal_note_end(struct mseal_note *note);

/**
 * mseal_note_find() - the running task's note about an address space, or NULL
 * @mm: the address space
 *
 * Safe in an ftrace handler.
 */
struct mseal_note *mseal_note_find(struct mm_struct *mm);

#endif /* _MSEAL_NOTES_H */
