// SPDX-License-Identifier: GPL-2.0
/*
 * What follows a refusal: it leaves a trace, and may be the end of who caused it.
 */
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "mm.h"
#include "refusal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static bool log_denied;
module_param(log_denied, bool, 0644);
MODULE_PARM_DESC(log_denied, "1: log refusals, a few of them if there are many");

static bool kill_on_denied;
module_param(kill_on_denied, bool, 0644);
MODULE_PARM_DESC(kill_on_denied, "1: every refusal is fatal to the process that caused it, as if all seals had the type KILL");

static const char *const names[MSEAL_NR_OPS] = {
	[MSEAL_OP_UNMAP] = "unmap",
	[MSEAL_OP_MAP] = "map",
	[MSEAL_OP_PROTECT] = "protect",
	[MSEAL_OP_REMAP] = "remap",
	[MSEAL_OP_DISCARD] = "discard",
	[MSEAL_OP_SEAL] = "seal",
};

static atomic_long_t refused[MSEAL_NR_OPS];
static atomic_long_t reported[MSEAL_NR_OPS];

/* Where in its own code the running task asked for it; 0 if it has none. */
static unsigned long user_ip(void)
{
	if (!mseal_has_user_regs(current))
		return 0;
	return instruction_pointer(task_pt_regs(current));
}

/* The name comes last and escaped: its owner chose it. */
static void log_refusal(enum mseal_op op, unsigned long start,
			unsigned long end, u64 types)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, current);
	pr_notice_ratelimited("denied op=%s start=0x%lx end=0x%lx types=0x%llx ip=0x%lx pid=%d comm=%*pE\n",
			      names[op], start, end, types, user_ip(),
			      task_tgid_nr(current), (int)strlen(comm), comm);
}

/*
 * SIGKILL, since whatever else could be caught, or be made so by another thread
 * meanwhile; so there is no core.  It ends the whole thread group.
 */
static void end_offender(struct mm_struct *mm)
{
	struct task_struct *task = mseal_offender(mm);

	if (!task)
		return;
	if (!is_global_init(task))
		send_sig(SIGKILL, task, 1);
	put_task_struct(task);
}

void mseal_refused(enum mseal_op op, struct mm_struct *mm, unsigned long start,
		   unsigned long end)
{
	u64 types = MSEAL_ENFORCED(mseal_mm_types(mm, start, end));

	/* The test at load is nobody's business. */
	if (!types && !mseal_mm_sealed(mm))
		return;
	atomic_long_inc(&refused[op]);
	if (trace_mseal_denied_enabled())
		trace_mseal_denied(op, start, end, types, user_ip());
	if (READ_ONCE(log_denied))
		log_refusal(op, start, end, types);
	/* What was only refused since nobody could tell what it is kills nobody. */
	if (types & MSEAL_T_KILL || (types && READ_ONCE(kill_on_denied)))
		end_offender(mm);
}

void mseal_reported(enum mseal_op op, struct mm_struct *mm, unsigned long start,
		    unsigned long end)
{
	u64 types = MSEAL_REPORTED(mseal_mm_types(mm, start, end));

	atomic_long_inc(&reported[op]);
	trace_mseal_denied(op, start, end, types | MSEAL_T_REPORT, user_ip());
}

void mseal_trace_sealed(unsigned long start, unsigned long end, u64 types)
{
	trace_mseal_sealed(start, end, types);
}

void mseal_count_of(enum mseal_op op, struct mseal_count *count)
{
	memset(count, 0, sizeof(*count));
	strscpy(count->name, names[op], sizeof(count->name));
	count->refused = atomic_long_read(&refused[op]);
	count->reported = atomic_long_read(&reported[op]);
}

static unsigned long sum(atomic_long_t counts[MSEAL_NR_OPS])
{
	unsigned long total = 0;
	unsigned int op;

	for (op = 0; op < MSEAL_NR_OPS; op++)
		total += atomic_long_read(&counts[op]);
	return total;
}

unsigned long mseal_refusals(void)
{
	return sum(refused);
}

unsigned long mseal_reports(void)
{
	return sum(reported);
}
