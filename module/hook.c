// SPDX-License-Identifier: GPL-2.0
/* Placing the hooks: all of them or none, and proof that they work. */
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat/symbols.h"
#include "guards.h"
#include "hook.h"
#include "kernel.h"
#include "process.h"
#include "prototype.h"
#include "refusal.h"
#include "wrappers.h"

/* Stands in for a refused function; the caller gets what it would return. */
static long denied(struct mm_struct *mm, unsigned long start, void *third,
		   unsigned long end, enum mseal_op op)
{
	mseal_refused(op, mm, start, end);
	return -EPERM;
}

void mseal_count_at(struct mseal_guard *guard)
{
	atomic_long_inc(&guard->refusals);
}

void mseal_deny_by(struct ftrace_ops *ops, struct mseal_fregs *fregs,
		   enum mseal_op op, const struct mseal_mm_range *range,
		   unsigned long stub)
{
	mseal_count_at(container_of(ops, struct mseal_guard, ops));
	mseal_set_arg(fregs, 0, (unsigned long)range->mm);
	mseal_set_arg(fregs, 1, range->start);
	mseal_set_arg(fregs, 3, range->end);
	mseal_set_arg(fregs, 4, op);
	mseal_set_ip(fregs, stub);
}

void mseal_deny(struct ftrace_ops *ops, struct mseal_fregs *fregs,
		enum mseal_op op, const struct mseal_mm_range *range)
{
	mseal_deny_by(ops, fregs, op, range, (unsigned long)denied);
}

static long denied_probe(void)
{
	return -EPERM;
}

/* Refused, but nothing that anybody would want counted. */
static void guard_probe(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	mseal_set_ip(fregs, (unsigned long)denied_probe);
}

static struct mseal_guard probe = {
	.function = "mseal_probe",
	.name = "probe",
	MSEAL_HANDLER(guard_probe),
};

static bool failed;		/* set once, for good */
static bool placed;		/* ftrace was given a hook, if only to refuse it */
static atomic_t stays;
static unsigned long next_look;	/* jiffies */

/*
 * Has ftrace ended itself, after something that it didn't expect?  Whoever asks
 * it to forget a filter that was never set is then told so before all else.
 */
static bool ftrace_ended(void)
{
	static struct ftrace_ops nobody;

	return ftrace_set_filter_ip(&nobody, (unsigned long)mseal_probe, 1,
				    0) == -ENODEV;
}

/* Hooks call this text from now on, whether they are registered or not. */
static void stay(void)
{
	if (!atomic_xchg(&stays, 1))
		__module_get(THIS_MODULE);
	mseal_hooks_fail("ftrace has ended, so the module stays");
}

/* Not at each call: it takes locks that all callers share. */
static void look_after_ftrace(void)
{
	if (time_before(jiffies, READ_ONCE(next_look)))
		return;
	WRITE_ONCE(next_look, jiffies + HZ);
	if (ftrace_ended())
		stay();
}

bool mseal_hooks_live(void)
{
	look_after_ftrace();
	return mseal_probe() == -EPERM && !READ_ONCE(failed);
}

void mseal_hooks_fail(const char *why)
{
	WRITE_ONCE(failed, true);
	pr_err_once("%s: no new seals, and nothing vouches for the old ones\n", why);
}

unsigned int mseal_hooks_count(void)
{
	unsigned int i, count = 0;

	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		count += !!mseal_guards[i].addr;
	return count;
}

void mseal_hooks_reset(void)
{
	unsigned int i;

	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		atomic_long_set(&mseal_guards[i].refusals, 0);
}

static void unhook(struct mseal_guard *guard)
{
	if (!guard->addr)
		return;
	unregister_ftrace_function(&guard->ops);
	ftrace_set_filter_ip(&guard->ops, guard->addr, 1, 0);
	guard->addr = 0;
}

/* Nobody but us knows the probe: what is busy there is ftrace itself. */
static const char *busy_because(const struct mseal_guard *guard, int err)
{
	if (err != -EBUSY)
		return "";
	return guard == &probe ? ", ftrace is off: see kernel.ftrace_enabled" :
				 ", a live patch or a kprobe holds it";
}

static int hook(struct mseal_guard *guard, unsigned long addr)
{
	int err;

	err = mseal_filter_entry(&guard->ops, &addr);
	if (err) {
		pr_err("not loading: %s() can't be traced (error %d)%s\n",
		       guard->function, err,
		       ftrace_ended() ? ", ftrace has ended" : "");
		return err;
	}
	placed = true;
	err = register_ftrace_function(&guard->ops);
	if (err) {
		pr_err("not loading: can't hook %s() (error %d)%s\n",
		       guard->function, err, busy_because(guard, err));
		goto err_filter;
	}
	guard->addr = addr;
	return 0;

err_filter:
	ftrace_set_filter_ip(&guard->ops, addr, 1, 0);
	return err;
}

/* What the kernel has of the names that matter here. */
struct found {
	struct mseal_symbol guarded[MSEAL_NR_GUARDS];
	struct mseal_symbol with[MSEAL_NR_GUARDS];
	struct mseal_symbol madvise_texts[MSEAL_NR_MADVISE_TEXTS];
	struct mseal_symbol process[MSEAL_NR_PROCESS_CALLS];
	struct mseal_symbol native;
};

static bool needed(const struct found *found, unsigned int i)
{
	const struct mseal_guard *guard = &mseal_guards[i];

	if (guard->only_if && !*guard->only_if)
		return false;
	return !guard->only_with || found->with[i].found;
}

/* A copy that some caller goes to would pass by the hook. */
static bool is_one(const struct mseal_symbol *function)
{
	if (function->found != 1)
		pr_err("not loading: this kernel has %u functions named %s()\n",
		       function->found, function->name);
	else if (function->copies)
		pr_err("not loading: this kernel has %s() in %u more pieces\n",
		       function->name, function->copies);
	return function->found == 1 && !function->copies;
}

static int check_symbols(const struct found *found)
{
	unsigned int i;

	if (found->native.found) {
		pr_err("not loading: this kernel has mseal(2) of its own\n");
		return -ENODEV;
	}
	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		if (needed(found, i) && !is_one(&found->guarded[i]))
			return -ENOENT;
	return 0;
}

static int find_symbols(struct found *found)
{
	unsigned int i;
	int err;

	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		found->guarded[i].name = mseal_guards[i].function;
		found->with[i].name = mseal_guards[i].only_with;
	}
	for (i = 0; i < MSEAL_NR_MADVISE_TEXTS; i++)
		found->madvise_texts[i].name = mseal_madvise_texts[i];
	for (i = 0; i < MSEAL_NR_PROCESS_CALLS; i++)
		found->process[i].name = mseal_process_calls[i].function;
	found->native.name = MSEAL_SYSCALL_PREFIX "mseal";
	err = mseal_find_symbols((struct mseal_symbol *)found,
				 sizeof(*found) / sizeof(struct mseal_symbol));
	if (err) {
		pr_err("not loading: can't read the kernel's symbols (error %d)\n",
		       err);
		return err;
	}
	return check_symbols(found);
}

/* Room for what is asked of the kernel's BTF. */
struct asked {
	struct mseal_prototype functions[MSEAL_NR_GUARDS +
					 MSEAL_NR_PROCESS_CALLS];
	const char *expected[MSEAL_NR_GUARDS];
};

static int check_prototypes(const struct found *found)
{
	struct asked *asked = kzalloc(sizeof(*asked), GFP_KERNEL);
	unsigned int i, nr = 0;
	int err;

	if (!asked)
		return -ENOMEM;
	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		if (!needed(found, i))
			continue;
		asked->functions[nr].name = mseal_guards[i].function;
		asked->expected[nr++] = mseal_guards[i].prototype;
	}
	for (i = 0; i < MSEAL_NR_PROCESS_CALLS; i++)
		asked->functions[nr + i].name = mseal_process_calls[i].function;
	err = mseal_check_prototypes(asked->functions, asked->expected, nr,
				     MSEAL_NR_PROCESS_CALLS);
	if (!err)
		mseal_process_bind(found->process, asked->functions + nr);
	kfree(asked);
	return err;
}

static int hook_all(const struct found *found)
{
	unsigned int i;
	int err;

	err = hook(&probe, (unsigned long)mseal_probe);
	if (err)
		return err;
	mseal_bind_madvise_texts(found->madvise_texts);
	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		if (!needed(found, i))
			continue;
		if (mseal_guards[i].bind)
			mseal_guards[i].bind(found->guarded[i].addr);
		err = hook(&mseal_guards[i], found->guarded[i].addr);
		if (err)
			return err;
	}
	if (!mseal_hooks_live()) {
		pr_err("not loading: ftrace runs no hooks, see kernel.ftrace_enabled\n");
		return -ENODEV;
	}
	return 0;
}

int mseal_hooks_install(void)
{
	struct found *found = kzalloc(sizeof(*found), GFP_KERNEL);
	int err;

	if (!found)
		return -ENOMEM;
	next_look = jiffies;
	err = find_symbols(found);
	if (!err)
		err = mseal_check_line();
	if (!err)
		err = check_prototypes(found);
	if (!err)
		err = hook_all(found);
	kfree(found);
	return err;
}

bool mseal_hooks_remove(void)
{
	unsigned int i = MSEAL_NR_GUARDS;

	while (i--)
		unhook(&mseal_guards[i]);
	unhook(&probe);
	if (!placed || !ftrace_ended())
		return true;
	stay();
	return false;
}

void mseal_hooks_keep(void)
{
	for (;;) {
		set_current_state(TASK_IDLE);
		schedule();
	}
}
