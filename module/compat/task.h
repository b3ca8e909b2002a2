/* SPDX-License-Identifier: GPL-2.0 */
/* What struct task_struct and its kin tell about the running task. */
#ifndef _MSEAL_COMPAT_TASK_H
#define _MSEAL_COMPAT_TASK_H

#include <linux/mm_types.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

/* io_uring keeps state in every task that uses a ring, its workers included. */
static inline bool mseal_uses_io_uring(const struct task_struct *task)
{
#if IS_ENABLED(CONFIG_IO_URING)
	return task->io_uring || task->flags & (PF_KTHREAD | PF_IO_WORKER);
#else
	return task->flags & PF_KTHREAD;
#endif
}

/* Whoever runs in the kernel on its own behalf, or on that of others, has none. */
static inline bool mseal_has_user_regs(const struct task_struct *task)
{
	return !(task->flags & (PF_KTHREAD | PF_IO_WORKER));
}

/* While a filter is asked only a tracer that it tells can set another number. */
static inline bool mseal_filter_tells_tracer(const struct task_struct *task)
{
	return task->ptrace & PT_TRACE_SECCOMP;
}

/**
 * mseal_offender() - whose doing is what the running task does?
 * @mm: the address space that it does it to
 *
 * Up to 5.11 io_uring's workers are kernel threads that have borrowed the address
 * space of the process they work for.
 *
 * Return: a task to be put, or NULL.
 */
static inline struct task_struct *mseal_offender(struct mm_struct *mm)
{
	struct task_struct *task = current;

	rcu_read_lock();
	if (current->flags & PF_KTHREAD) {
#ifdef CONFIG_MEMCG
		task = rcu_dereference(mm->owner);
#else
		task = NULL;
#endif
	}
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

#endif /* _MSEAL_COMPAT_TASK_H */
