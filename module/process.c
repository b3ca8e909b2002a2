// SPDX-License-Identifier: GPL-2.0
/*
 * Whose address space a descriptor names, and whether the caller may look at it.
 *
 * The kernel's own check decides, the one that opening /proc/PID/maps makes: it
 * holds off exec, so that credentials and address space are of one program.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mseal_dev.h>
#include <linux/pid.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/static_call.h>

#include "compat/symbols.h"
#include "process.h"
#include "prototype.h"

#define PIDFD_PROTOTYPE							\
	"struct pid *pidfd_get_pid(unsigned int, unsigned int *)"
#define MM_PROTOTYPE							\
	"struct mm_struct *mm_access(struct task_struct *, unsigned int)"

const struct mseal_call mseal_process_calls[] = {
	[MSEAL_CALL_PIDFD] = { "pidfd_get_pid", PIDFD_PROTOTYPE },
	[MSEAL_CALL_MM] = { "mm_access", MM_PROTOTYPE },
};

/* Direct calls: indirect ones may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(pid_of, pidfd_get_pid);
DEFINE_STATIC_CALL_NULL(mm_of, mm_access);

static bool bound;		/* written while the module loads */

void mseal_process_bind(const struct mseal_symbol *found,
			const struct mseal_prototype *functions)
{
	unsigned int i;

	for (i = 0; i < MSEAL_NR_PROCESS_CALLS; i++) {
		if (found[i].found == 1 &&
		    mseal_prototype_matches(&functions[i],
					    mseal_process_calls[i].prototype))
			continue;
		pr_warn("no queries of other processes: this kernel lacks the %s that is expected\n",
			mseal_process_calls[i].function);
		return;
	}
	static_call_update(pid_of, (typeof(&pidfd_get_pid))
				   found[MSEAL_CALL_PIDFD].addr);
	static_call_update(mm_of, (typeof(&mm_access))
				  found[MSEAL_CALL_MM].addr);
	bound = true;
}

static struct task_struct *find_task(int pidfd)
{
	struct task_struct *task;
	unsigned int flags;
	struct pid *pid;

	pid = static_call(pid_of)(pidfd, &flags);
	if (IS_ERR(pid))
		return ERR_CAST(pid);
	task = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	return task ?: ERR_PTR(-ESRCH);
}

/* Kernels differ in what they answer where there is no address space. */
static struct mm_struct *find_mm(struct task_struct *task)
{
	return static_call(mm_of)(task, PTRACE_MODE_READ_FSCREDS) ?:
	       ERR_PTR(-ESRCH);
}

/*
 * The users' reference is given back: whoever writes to memory that somebody
 * else serves may wait for ever, and would keep all of that process's.
 */
struct mm_struct *mseal_process_mm(int pidfd)
{
	struct task_struct *task;
	struct mm_struct *mm;

	if (pidfd == MSEAL_QUERY_SELF) {
		mmgrab(current->mm);
		return current->mm;
	}
	if (!bound)
		return ERR_PTR(-EOPNOTSUPP);
	task = find_task(pidfd);
	if (IS_ERR(task))
		return ERR_CAST(task);
	mm = find_mm(task);
	put_task_struct(task);
	if (IS_ERR(mm))
		return mm;
	mmgrab(mm);
	mmput(mm);
	return mm;
}
