// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"

#define STACK_BYTES	(64 << 10)

void gate_init(struct gate *gate)
{
	ck_assert_int_eq(pipe2(gate->fd, O_CLOEXEC), 0);
}

void gate_open(struct gate *gate)
{
	ck_assert_int_eq(write(gate->fd[1], "", 1), 1);
}

void gate_wait(struct gate *gate)
{
	char byte;

	ck_assert_int_eq(read(gate->fd[0], &byte, 1), 1);
}

pid_t child_start(void (*fn)(void *arg), void *arg)
{
	pid_t pid = fork();

	ck_assert_msg(pid >= 0, "fork: %s", strerror(errno));
	if (pid)
		return pid;
	fn(arg);
	_exit(EXIT_SUCCESS);
}

int wait_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, __WALL) != pid)
		ck_assert_int_eq(errno, EINTR);
	return status;
}

void child_wait(pid_t pid)
{
	int status = wait_status(pid);

	ck_assert_msg(WIFEXITED(status) && !WEXITSTATUS(status),
		      "child ended with wait status %#x", status);
}

void in_child(void (*fn)(void *arg), void *arg)
{
	child_wait(child_start(fn, arg));
}

pid_t sharer_start(int (*fn)(void *arg), void *arg, int clone_flags)
{
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	ck_assert_ptr_ne(stack, MAP_FAILED);
	pid = clone(fn, stack + STACK_BYTES, CLONE_VM | SIGCHLD | clone_flags, arg);
	ck_assert_msg(pid > 0, "clone: %s", strerror(errno));
	return pid;
}

long file_number(const char *path)
{
	FILE *file = fopen(path, "re");
	long number = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

bool file_set_number(const char *path, long number)
{
	FILE *file = fopen(path, "we");
	bool ok;

	if (!file)
		return false;
	ok = fprintf(file, "%ld\n", number) > 0;
	return !fclose(file) && ok;
}

void use_processor(int nr)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(nr, &set);
	sched_setaffinity(0, sizeof(set), &set);
}
