// SPDX-License-Identifier: GPL-2.0
/*
 * To be preloaded: a filter that would change how the process speculates is refused.
 * An emulated processor knows nothing of that, so its state can't show it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long args[6];
	va_list list;
	int i;

	va_start(list, number);
	for (i = 0; i < 6; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_seccomp && !(args[1] & SECCOMP_FILTER_FLAG_SPEC_ALLOW)) {
		errno = EXDEV;
		return -1;
	}
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, args[0], args[1], args[2], args[3], args[4], args[5]);
}
