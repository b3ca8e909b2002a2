// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "internal.h"
#include "mseal.h"

API int mseal(void *addr, size_t len, unsigned long flags)
{
	int saved = errno;
	int err = mseal_backend_seal(addr, len, flags);

	errno = err ? mseal_errno_call(err) : saved;
	return err ? -1 : 0;
}

API int mseal_types(void *addr, size_t len, uint64_t types, unsigned int flags)
{
	int saved = errno;
	int err = mseal_backend_types(addr, len, types, flags);

	errno = err ? mseal_errno_types(err) : saved;
	return err ? -1 : 0;
}

API long mseal_query(int pidfd, const void *addr, struct mseal_seal *seals,
		     size_t n)
{
	struct mseal_list list = { .seals = seals, .room = n };
	int saved = errno;
	int err = mseal_backend_query(pidfd, (uintptr_t)addr, &list);

	errno = err ? mseal_errno_query(err) : saved;
	return err ? -1 : (long)list.nr;
}

API int mseal_backend(int *why)
{
	int saved = errno;
	int cause;
	int backend = mseal_backend_find(&cause);

	if (why)
		*why = cause ? mseal_errno_device(cause) : 0;
	errno = saved;
	return backend;
}

API int mseal_open(void)
{
	int saved = errno;
	int fd = mseal_device_open();

	errno = fd < 0 ? mseal_errno_device(fd) : saved;
	return fd < 0 ? -1 : fd;
}

API int mseal_use_fd(int fd)
{
	int saved = errno;
	int err = mseal_device_give(fd);

	errno = err ? mseal_errno_device(err) : saved;
	return err ? -1 : 0;
}

API const char *mseal_version(void)
{
	return MSEAL_VERSION;
}
