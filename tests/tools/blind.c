// SPDX-License-Identifier: GPL-2.0
/* To be preloaded: whoever asks for a seal is told that it is there. None is. */
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/mseal_dev.h>

#define NR_MSEAL	462

long syscall(long number, ...)
{
	static long (*next)(long number, ...);
	long args[6];
	va_list list;
	int i;

	if (number == NR_MSEAL)
		return 0;
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	va_start(list, number);
	for (i = 0; i < 6; i++)
		args[i] = va_arg(list, long);
	va_end(list);
	return next(number, args[0], args[1], args[2], args[3], args[4],
		    args[5]);
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*next)(int fd, unsigned long request, ...);
	va_list list;
	void *arg;

	if (request == MSEAL_IOC_SEAL)
		return 0;
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "ioctl");
	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	return next(fd, request, arg);
}
