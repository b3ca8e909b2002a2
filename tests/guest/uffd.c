// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mem.h"
#include "report.h"
#include "uffd.h"

/* For faults of user mode only anybody may have one, since 5.11. */
static int open_any(void)
{
	const int flags = O_CLOEXEC | O_NONBLOCK;
	int fd = syscall(SYS_userfaultfd, flags | UFFD_USER_MODE_ONLY);

	return fd < 0 && errno == EINVAL ? syscall(SYS_userfaultfd, flags) : fd;
}

int uffd_open(unsigned long long features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = open_any();

	if (fd < 0)
		skip("no userfaultfd() (%s)", strerror(errno));
	if (ioctl(fd, UFFDIO_API, &api) || (api.features & features) != features)
		skip("no userfaultfd with features %#llx", features);
	return fd;
}

void uffd_watch(int fd, char *at, unsigned long long mode)
{
	struct uffdio_register range = { .range = { (unsigned long)at, page },
					 .mode = mode };

	ck_assert_int_eq(ioctl(fd, UFFDIO_REGISTER, &range), 0);
}
