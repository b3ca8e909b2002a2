// SPDX-License-Identifier: GPL-2.0
/* Placing the hooks: all of them or none, and proof that they work. */
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "compat/symbols.h"
#include "guards.h"
#include "hook.h"

/* Stands in for a refused function; the caller gets what it would return. */
static long denied(void)
{
	return -EPERM;
}

void mseal_count_refusal(struct mseal_guard *guard)
{
	atomic_long_inc(&guard->refusals);
}

void __mseal_deny_by(struct ftrace_ops *ops, struct mseal_fregs *fregs,
		     unsigned long stub)
{
	mseal_count_refusal(container_of(ops, struct mseal_guard, ops));
	mseal_set_ip(fregs, stub);
}

void mseal_deny(struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	mseal_deny_by(ops, fregs, denied);
}

/* Refused, but nothing that anybody would want counted. */
static void guard_probe(unsigned long ip, unsigned long parent_ip,
			struct ftrace_ops *ops, struct mseal_fregs *fregs)
{
	mseal_set_ip(fregs, (unsigned long)denied);
}

static struct mseal_guard probe = {
	.function = "mseal_probe",
	.name = "probe",
	MSEAL_HANDLER(guard_probe),
};

bool mseal_hooks_live(void)
{
	return mseal_probe() == -EPERM;
}

unsigned long mseal_refusals(void)
{
	unsigned long sum = 0;
	unsigned int i;

	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		sum += atomic_long_read(&mseal_guards[i].refusals);
	return sum;
}

void mseal_refusals_reset(void)
{
	unsigned int i;

	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		atomic_long_set(&mseal_guards[i].refusals, 0);
}

static void unhook(struct mseal_guard *guard)
{
	unregister_ftrace_function(&guard->ops);
	ftrace_set_filter_ip(&guard->ops, guard->addr, 1, 0);
}

static int hook(struct mseal_guard *guard, unsigned long addr)
{
	int err;

	guard->addr = addr;
	if (guard->bind)
		guard->bind(addr);
	err = ftrace_set_filter_ip(&guard->ops, addr, 0, 0);
	if (err) {
		pr_err("not loading: %s() can't be traced (error %d)\n",
		       guard->function, err);
		return err;
	}
	err = register_ftrace_function(&guard->ops);
	if (err) {
		pr_err("not loading: can't hook %s() (error %d)%s\n",
		       guard->function, err, err == -EBUSY ?
		       ", a live patch or a kprobe holds it" : "");
		goto err_filter;
	}
	return 0;

err_filter:
	ftrace_set_filter_ip(&guard->ops, addr, 1, 0);
	return err;
}

static int check_symbols(const struct mseal_symbol *symbols)
{
	unsigned int i;

	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		if (symbols[i].found == 1)
			continue;
		pr_err("not loading: this kernel has %u functions named %s()\n",
		       symbols[i].found, symbols[i].name);
		return -ENOENT;
	}
	if (symbols[i].found) {
		pr_err("not loading: this kernel has mseal(2) of its own\n");
		return -EEXIST;
	}
	return 0;
}

/* The guarded functions, then the system call of kernels that need no help. */
static struct mseal_symbol *find_symbols(void)
{
	struct mseal_symbol *symbols;
	unsigned int i;
	int err;

	symbols = kcalloc(MSEAL_NR_GUARDS + 1, sizeof(*symbols), GFP_KERNEL);
	if (!symbols)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		symbols[i].name = mseal_guards[i].function;
	symbols[i].name = MSEAL_SYSCALL_PREFIX "mseal";

	err = mseal_find_symbols(symbols, MSEAL_NR_GUARDS + 1);
	if (err) {
		pr_err("not loading: can't read the kernel's symbols (error %d)\n",
		       err);
		goto err_symbols;
	}
	err = check_symbols(symbols);
	if (err)
		goto err_symbols;
	return symbols;

err_symbols:
	kfree(symbols);
	return ERR_PTR(err);
}

int mseal_hooks_install(void)
{
	struct mseal_symbol *symbols = find_symbols();
	unsigned int i;
	int err;

	if (IS_ERR(symbols))
		return PTR_ERR(symbols);

	err = hook(&probe, (unsigned long)mseal_probe);
	if (err)
		goto err_symbols;
	for (i = 0; i < MSEAL_NR_GUARDS; i++) {
		err = hook(&mseal_guards[i], symbols[i].addr);
		if (err)
			goto err_guards;
	}
	if (!mseal_hooks_live()) {
		pr_err("not loading: ftrace runs no hooks, see kernel.ftrace_enabled\n");
		err = -ENODEV;
		goto err_guards;
	}
	kfree(symbols);
	return 0;

err_guards:
	while (i--)
		unhook(&mseal_guards[i]);
	unhook(&probe);
err_symbols:
	kfree(symbols);
	return err;
}

void mseal_hooks_remove(void)
{
	unsigned int i = MSEAL_NR_GUARDS;

	while (i--)
		unhook(&mseal_guards[i]);
	unhook(&probe);
}
