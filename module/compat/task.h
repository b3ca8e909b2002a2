/* SPDX-License-Identifier: GPL-2.0 */
/* What struct task_struct tells about the running task. */
#ifndef _MSEAL_COMPAT_TASK_H
#define _MSEAL_COMPAT_TASK_H

#include <linux/sched.h>

/* io_uring keeps state in every task that uses a ring, its workers included. */
static inline bool mseal_uses_io_uring(const struct task_struct *task)
{
#if IS_ENABLED(CONFIG_IO_URING)
	return task->io_uring || task->flags & (PF_KTHREAD | PF_IO_WORKER);
#else
	return task->flags & PF_KTHREAD;
#endif
}

#endif /* _MSEAL_COMPAT_TASK_H */
