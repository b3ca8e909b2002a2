// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libmseal-preload.so: mseal() for programs that were built without libmseal and
 * make the system call themselves, or have a C library do it.  Both names that
 * they may call are answered by libmseal, of which a copy is inside.
 */
#include <errno.h>
#include <linux/mseal_dev.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "internal.h"
#include "mseal.h"
#include "number.h"

/* Of the program's own libmseal, if it has one. */
#pragma weak mseal_types

/* The smallest that there are where the module works. */
#define HUGE_PAGE	(2UL << 20)

/* syscall.S's own: a system call as it is. */
long preload_pass(long number, ...);

/* What syscall.S calls, in the end of syscall(). */
long preload_seal(long number, void *addr, size_t len, unsigned long flags);
long preload_fail(long ret);

/*
 * Native mseal() splits mappings, and who makes the call may look for that; the
 * device leaves them whole.  No huge page fits into less than one, so not to want
 * any tells the range from its neighbours and changes nothing else.  Done last:
 * the seal holds whether or not this succeeds.
 */
static void split(void *addr, size_t len)
{
	if (len <= HUGE_PAGE - mseal_sys_page_size())
		preload_pass(SYS_madvise, addr, len, MADV_NOHUGEPAGE);
}

long preload_seal(long number, void *addr, size_t len, unsigned long flags)
{
	int saved = errno;
	int err = mseal_backend_call(addr, len, flags);

	(void)number;
	/* What a filter says to the call, it says to whoever makes it. */
	if (err && err != -ENOSYS)
		return preload_fail(err);
	if (err) {
		err = mseal_backend_device(addr, len, flags);
		if (!err)
			split(addr, len);
	}
	errno = err ? mseal_errno_call(err) : saved;
	return err ? -1 : 0;
}

long preload_fail(long ret)
{
	errno = (int)-ret;
	return -1;
}

/*
 * A program's own libmseal may have been given a descriptor that this copy knows
 * nothing of.  It isn't asked by syscall(), which is what it calls itself.
 */
API int mseal(void *addr, size_t len, unsigned long flags)
{
	int ret;

	if (!mseal_types || flags)
		return (int)preload_seal(NR_MSEAL, addr, len, flags);
	ret = mseal_types(addr, len, MSEAL_T_NATIVE, 0);
	if (ret && errno == EOPNOTSUPP)
		errno = ENOSYS;
	return ret;
}
