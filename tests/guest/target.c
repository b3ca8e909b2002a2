// SPDX-License-Identifier: GPL-2.0
/* Other processes, to be asked about. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"
#include "sealer.h"
#include "target.h"

int target_open(pid_t pid)
{
	int fd = syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0 && errno == ENOSYS)
		skip("no pidfd_open()");
	ck_assert_msg(fd >= 0, "pidfd_open: %s", strerror(errno));
	return fd;
}

int target_myself(void)
{
	static _Thread_local unsigned int turn;
	static _Thread_local pid_t owner;
	static _Thread_local int fd;

	if (turn++ % 2)
		return MSEAL_QUERY_SELF;
	/* A child has a copy of its parent's. */
	if (owner != getpid()) {
		if (owner)
			close(fd);
		fd = target_open(getpid());
		owner = getpid();
	}
	return fd;
}

static void live(struct target *self, void (*prepare)(struct target *self))
{
	prepare(self);
	gate_open(&self->ready);
	gate_wait(&self->go);
	_exit(EXIT_SUCCESS);
}

struct target target_start(void (*prepare)(struct target *self))
{
	struct target target;

	gate_init(&target.ready);
	gate_init(&target.go);
	target.pid = fork();
	ck_assert_int_ge(target.pid, 0);
	if (!target.pid)
		live(&target, prepare);
	target.pidfd = target_open(target.pid);
	gate_wait(&target.ready);
	return target;
}

static void gate_close(struct gate *gate)
{
	close(gate->fd[0]);
	close(gate->fd[1]);
}

void target_close(struct target *target)
{
	gate_close(&target->ready);
	gate_close(&target->go);
	close(target->pidfd);
}

void target_end(struct target *target)
{
	gate_open(&target->go);
	child_wait(target->pid);
	target_close(target);
}

static void copy_self(const char *path, mode_t mode)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;

	ck_assert_msg(from >= 0 && to >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(fstat(from, &st), 0);
	while (st.st_size) {
		ssize_t sent = sendfile(to, from, NULL, st.st_size);

		ck_assert_int_gt(sent, 0);
		st.st_size -= sent;
	}
	ck_assert_int_eq(fchmod(to, mode), 0);
	close(to);
	close(from);
}

int target_program(mode_t mode)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/mseal-test.%d", dir ? dir : "/tmp", getpid());
	copy_self(path, mode);
	fd = open(path, O_PATH | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(unlink(path), 0);
	return fd;
}

void target_exec(struct target *self, int program)
{
	ck_assert_int_eq(dup2(self->go.fd[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(dup2(self->ready.fd[1], STDOUT_FILENO), STDOUT_FILENO);
	syscall(SYS_execveat, program, "", (char *[]){ "mseal-test", EXEC_WAIT, NULL },
		(char *[]){ NULL }, AT_EMPTY_PATH);
	ck_abort_msg("execveat: %s", strerror(errno));
}

int exec_wait(void)
{
	char byte;

	return write(STDOUT_FILENO, "", 1) == 1 &&
	       read(STDIN_FILENO, &byte, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}

long target_query(int pidfd, char *from, struct mseal_record *records,
		  unsigned int room)
{
	struct mseal_query query = {
		.size = sizeof(query),
		.pidfd = pidfd,
		.addr = (unsigned long)from,
		.records = (unsigned long)records,
		.nr = room,
	};

	return ioctl(sealer_fd(), MSEAL_IOC_QUERY, &query) ? -errno : (long)query.nr;
}

int target_maps_verdict(pid_t pid)
{
	char path[32], byte;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ESRCH : errno;
	got = read(fd, &byte, 1);
	close(fd);
	return got == 1 ? 0 : ESRCH;
}
