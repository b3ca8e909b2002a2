// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "number.h"
#include "sys.h"

static int answer(long ret)
{
	return ret < 0 ? -errno : (int)ret;
}

/*
 * openat(), read() and close() through syscall(): the functions of these names
 * are cancellation points.  O_NONBLOCK and O_NOCTTY make opening harmless whatever
 * the path leads to.
 */
int mseal_sys_open(const char *path)
{
	return answer(syscall(SYS_openat, AT_FDCWD, path,
			      O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0));
}

void mseal_sys_close(int fd)
{
	syscall(SYS_close, fd);
}

int mseal_sys_dup(int fd, int least)
{
	return answer(fcntl(fd, F_DUPFD_CLOEXEC, least));
}

int mseal_sys_identify(int fd, struct mseal_identity *id)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISCHR(st.st_mode))
		return -ENOTTY;
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	id->rdev = st.st_rdev;
	return 0;
}

int mseal_sys_read(int fd, void *buf, size_t len)
{
	return answer(syscall(SYS_read, fd, buf, len));
}

int mseal_sys_rewind(int fd)
{
	return answer(syscall(SYS_lseek, fd, 0L, SEEK_SET));
}

/* poll() is a cancellation point, too. */
int mseal_sys_ended(int pidfd)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
	struct timespec none = { 0 };
	int ret = answer(syscall(SYS_ppoll, &poll_fd, 1, &none, NULL, 0));

	return poll_fd.revents & POLLNVAL ? -EBADF : ret;
}

int mseal_sys_ioctl(int fd, unsigned long request, void *arg)
{
	return answer(ioctl(fd, request, arg));
}

size_t mseal_sys_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int mseal_sys_uname(struct utsname *name)
{
	return answer(uname(name));
}

int mseal_sys_mseal(void *addr, size_t len, unsigned long flags)
{
	return answer(syscall(NR_MSEAL, addr, len, flags));
}
