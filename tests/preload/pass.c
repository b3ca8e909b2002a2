// SPDX-License-Identifier: GPL-2.0
/* Any other number: what libc's syscall() does, done alike. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* Both are asked the same; the answer and errno must be, too. */
static const struct call {
	const char *name;
	long number;
	long a, b, c;
} calls[] = {
	{ "success", SYS_getppid, 0, 0, 0 },
	{ "EBADF", SYS_close, -1, 0, 0 },
	{ "EFAULT", SYS_pipe2, 16, 0, 0 },
	{ "no such number", 4000, 1, 2, 3 },
	{ "the number before", 461, 0, 0, 0 },
	{ "the number behind", 463, 0, 0, 0 },
	{ "-1 for a number", -1, 0, 0, 0 },
	{ "its low half is 462", (1L << 40) + NR_MSEAL, 0, 0, 1 },
	{ "three arguments", SYS_fcntl, 1, F_GETFL, 0 },
};

START_TEST(same_as_libc)
{
	const struct call *c = &calls[_i];
	long want, got;
	int want_errno;

	errno = UNTOUCHED;
	want = libc_syscall()(c->number, c->a, c->b, c->c);
	want_errno = errno;
	errno = UNTOUCHED;
	got = syscall(c->number, c->a, c->b, c->c);
	ck_assert_msg(errno == want_errno, "%s: errno %d, not %d", c->name, errno,
		      want_errno);
	ck_assert_msg(got == want, "%s: %ld, not %ld", c->name, got, want);
}
END_TEST

/* Only the last 4,095 are errors. */
START_TEST(large_answers)
{
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	for (long at = -8192; at <= -4096; at += 1024) {
		errno = UNTOUCHED;
		ck_assert_int_eq(syscall(SYS_lseek, fd, at, SEEK_SET), at);
		ck_assert_int_eq(errno, UNTOUCHED);
	}
	close(fd);
}
END_TEST

START_TEST(six_arguments)
{
	char name[] = "/tmp/preload-test.XXXXXX";
	int fd = mkstemp(name);
	char *at = map(2);
	long got;

	ck_assert_int_ge(fd, 0);
	unlink(name);
	ck_assert_int_eq(ftruncate(fd, (off_t)(2 * page)), 0);
	ck_assert_int_eq(pwrite(fd, "second", 6, (off_t)page), 6);
	got = syscall(SYS_mmap, at, page, (long)PROT_READ, (long)(MAP_PRIVATE | MAP_FIXED),
		      (long)fd, page);
	ck_assert_ptr_eq((char *)(intptr_t)got, at);
	ck_assert_mem_eq(at, "second", 6);
	ck_assert_int_eq(munmap(at, 2 * page), 0);
	close(fd);
}
END_TEST

START_TEST(child_of_a_fork)
{
	int status;
	long pid = syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);

	if (!pid)
		_exit(7);
	ck_assert_int_eq(waitpid((pid_t)pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}
END_TEST

#ifdef __x86_64__
static __attribute__((noreturn, force_align_arg_pointer)) void begin_of_child(void)
{
	_exit(9);
}

/* Whoever gives a stack puts there where the child goes on. */
START_TEST(child_on_its_own_stack)
{
	uintptr_t *stack = (uintptr_t *)map(16) + 8 * page / sizeof(uintptr_t);
	int status;
	long pid;

	*stack = (uintptr_t)begin_of_child;
	pid = syscall(SYS_clone, (long)(SIGCHLD | CLONE_VM | CLONE_VFORK), stack, 0L, 0L,
		      0L);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid((pid_t)pid, &status, 0), pid);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 9);
}
END_TEST
#endif

TCase *pass_case(void)
{
	TCase *tcase = tcase_create("pass");

	tcase_add_loop_test(tcase, same_as_libc, 0, sizeof(calls) / sizeof(calls[0]));
	tcase_add_test(tcase, large_answers);
	tcase_add_test(tcase, six_arguments);
	tcase_add_test(tcase, child_of_a_fork);
#ifdef __x86_64__
	tcase_add_test(tcase, child_on_its_own_stack);
#endif
	return tcase;
}
