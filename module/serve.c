// SPDX-License-Identifier: GPL-2.0
/*
 * System call 462, for programs that know nothing of the device.
 *
 * Whoever is served may sleep in here for as long as others like: a filter can
 * leave its verdict to another process.  So the module takes a reference to
 * itself, which nothing gives back.
 */
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mseal_dev.h>
#include <linux/sched.h>
#include <linux/static_call.h>

#include "seal.h"
#include "serve.h"
#include "wrappers.h"

bool mseal_serve_syscall;
module_param_named(serve_syscall, mseal_serve_syscall, bool, 0444);
MODULE_PARM_DESC(serve_syscall, "1: serve system call 462 where the processor allows it (on x86 in processes under a seccomp filter only); the module then stays until the next boot");

static bool serving;		/* set once, for good */

void mseal_serve_begin(void)
{
	if (!mseal_serve_syscall)
		return;
	__module_get(THIS_MODULE);
	WRITE_ONCE(serving, true);
	pr_info("system call %d is served, so the module stays\n", MSEAL_NR);
}

bool mseal_serves(void)
{
	return READ_ONCE(serving);
}

/*
 * Native mseal() splits mappings, and who makes its call may look for that.  No
 * huge page fits into less than one, so not to want any tells the range from its
 * neighbours and changes nothing else.  The seal holds whether or not it succeeds.
 */
static void split(unsigned long start, unsigned long len)
{
	if (PAGE_ALIGN(len) < PMD_SIZE)
		mseal_wrap_madvise(current->mm, start, len, MADV_NOHUGEPAGE);
}

/* As native mseal answers; a kernel that can't seal doesn't have the call. */
static long serve(void)
{
	unsigned long args[6];
	int err;

	mseal_syscall_args(args);
	err = mseal_seal(args[0], args[1], MSEAL_T_NATIVE, args[2]);
	if (!err)
		split(args[0], args[1]);
	return err == -ENODEV ? -ENOSYS : err;
}

#ifdef MSEAL_SERVED_BY_FILTER
#define SKIP_THE_CALL	(-1)

/* A direct call: an indirect one may fault, where the kernel seals its entries. */
DEFINE_STATIC_CALL_NULL(filter_original, mseal_wrap_filter);

void mseal_bind_filter(unsigned long addr)
{
	static_call_update(filter_original, (typeof(&mseal_wrap_filter))addr);
}

int mseal_wrap_filter(const struct seccomp_data *data)
{
	int verdict = static_call(filter_original)(data);

	/* A tracer that the filter told may have set another number. */
	if (!verdict && mseal_asked_for()) {
		syscall_set_return_value(current, task_pt_regs(current),
					 serve(), 0);
		verdict = SKIP_THE_CALL;
	}
	/* No tail call: the hook knows the original's caller by its address. */
	barrier();
	return verdict;
}
#else
long mseal_serve_unknown(void)
{
	return serve();
}
#endif
