// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
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

/*
 * Strict mode, the other one, is never seen: it ends whoever asks.  An error may be a
 * filter's answer, even the one that a kernel without filters gives.
 */
bool mseal_sys_filtered(void)
{
	return answer(syscall(SYS_prctl, PR_GET_SECCOMP, 0L, 0L, 0L, 0L)) != 0;
}

/* As the kernel has it, who asks for its size; the C library's own is larger. */
struct signals {
	unsigned long words[_NSIG / (8 * sizeof(long))];
};

/*
 * So that none of the program's handlers runs.  SIGSYS, by which a filter may have
 * one answer, is for the child alone to block: a signal that is forced upon somebody
 * who blocks it kills.  The C library's function would leave out its own signals.
 */
static int block_signals(struct signals *before, bool with_sigsys)
{
	struct signals set;

	memset(&set, 0xff, sizeof(set));
	if (!with_sigsys)
		set.words[0] &= ~(1UL << (SIGSYS - 1));
	return answer(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, before, sizeof(set)));
}

/*
 * The child's part.  A kill shall leave no core: one of the whole program, perhaps
 * with a report to its administrator.
 */
static _Noreturn void call_and_exit(void)
{
	int err = block_signals(NULL, true);

	if (!err) {
		syscall(SYS_prctl, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
		mseal_sys_mseal(NULL, 0, 0);
	}
	syscall(SYS_exit_group, err ? 1 : 0);
	__builtin_trap();
}

/*
 * As fork(), but nobody is told of its end, and whoever waits for any child of the
 * program doesn't get this one.  It shares the table of descriptors, so that its
 * exit closes none: some files do something at each close.
 */
static int start_child(void)
{
#if defined(__sparc__)
	/* Its child isn't told by a 0 that it is one. */
	return -ENOSYS;
#elif defined(__s390__)
	return answer(syscall(SYS_clone, 0L, CLONE_FILES, 0L, 0L, 0L));
#else
	return answer(syscall(SYS_clone, CLONE_FILES, 0L, 0L, 0L, 0L));
#endif
}

static int wait_for(int pid, int *status)
{
	return answer(syscall(SYS_wait4, pid, status, __WALL, NULL));
}

/*
 * A child that can't be waited for would stay behind.  Of this number there is
 * neither a process nor a group, and the kernel has an answer of its own for it.
 */
static bool may_wait(void)
{
	return wait_for(INT_MIN, NULL) == -ESRCH;
}

static int wait_for_child(int pid)
{
	int status, ret;

	do {
		ret = wait_for(pid, &status);
	} while (ret == -EINTR);
	if (ret < 0)
		return ret;
	if (WIFEXITED(status))
		return WEXITSTATUS(status) ? -EAGAIN : 1;
	/* Somebody else may have killed it, for want of memory for one. */
	return WTERMSIG(status) == SIGSYS ? 0 : -EAGAIN;
}

int mseal_sys_child_mseal(void)
{
	struct signals before;
	int ret;

	if (!may_wait())
		return -ECHILD;
	ret = block_signals(&before, false);
	if (ret)
		return ret;
	ret = start_child();
	if (!ret)
		call_and_exit();
	if (ret > 0)
		ret = wait_for_child(ret);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof(before));
	return ret;
}
