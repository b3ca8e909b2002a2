// SPDX-License-Identifier: GPL-2.0
/* libolder.so: preloaded, it makes the module one without MSEAL_T_DISCARD_ALL. */
#include <errno.h>
#include <linux/mseal_dev.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int ioctl(int fd, unsigned long request, ...)
{
	const struct mseal_range *range;
	va_list more;
	void *arg;

	va_start(more, request);
	arg = va_arg(more, void *);
	va_end(more);
	range = arg;
	if (request == MSEAL_IOC_SEAL && range->types & MSEAL_T_DISCARD_ALL) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return (int)syscall(SYS_ioctl, fd, request, arg);
}
