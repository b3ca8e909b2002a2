// SPDX-License-Identifier: GPL-2.0
/* What is sealed in other processes, and who may know. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "target.h"
#include "type_ops.h"

#define USER	65534
#define OTHER	65533
#define ROOM	8

static void seal_three(struct target *self)
{
	(void)self;
	types_given(arena, "wWwWWw", MSEAL_T_OVER);
	layout_map(arena + 10 * page, "e");
	ck_assert_int_eq(seal(arena + 10 * page, page), 0);
}

static void expect_three(int pidfd)
{
	struct mseal_record records[ROOM];
	const struct {
		size_t first, end;
		__u64 types;
	} want[] = {
		{ 1, 2, MSEAL_T_OVER }, { 3, 5, MSEAL_T_OVER },
		{ 10, 11, MSEAL_T_NATIVE },
	};
	size_t i;

	memset(records, 0x55, sizeof(records));
	ck_assert_int_eq(target_query(pidfd, NULL, records, ROOM), ARRAY_SIZE(want));
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		ck_assert_uint_eq(records[i].start,
				  (unsigned long)arena + want[i].first * page);
		ck_assert_uint_eq(records[i].end,
				  (unsigned long)arena + want[i].end * page);
		ck_assert_uint_eq(records[i].types, want[i].types);
		ck_assert_uint_eq(records[i].reported, 0);
	}
	ck_assert_uint_eq(records[i].start, 0x5555555555555555);
}

static void expect_error(int pidfd, int want)
{
	struct mseal_record record;
	long got = target_query(pidfd, NULL, &record, 1);

	ck_assert_msg(got == -want, "want %s, got %s%ld", strerror(want),
		      got < 0 ? strerror((int)-got) : "", got);
}

static void of_a_child(int row)
{
	struct target target = target_start(seal_three);
	struct mseal_record record;

	(void)row;
	expect_three(target.pidfd);
	ck_assert_int_eq(target_query(MSEAL_QUERY_SELF, NULL, &record, 1), 0);
	ck_assert_int_eq(target_query(target.pidfd, arena + 4 * page, &record, 1), 1);
	ck_assert_uint_eq(record.start, (unsigned long)arena + 4 * page);
	ck_assert_int_eq(target_query(target.pidfd, arena + 11 * page, &record, 1), 0);
	ck_assert_int_eq(target_query(target.pidfd, NULL, NULL, 0), 0);
	ck_assert_int_eq(target_query(target.pidfd, NULL, NULL, 1), -EFAULT);
	target_end(&target);
}

static void ask_parent(void *pidfd)
{
	struct mseal_record record;

	ck_assert_int_eq(munmap(arena + page, 4 * page), 0);
	expect_three(*(int *)pidfd);
	ck_assert_int_eq(target_query(MSEAL_QUERY_SELF, NULL, &record, 1), 1);
	ck_assert_uint_eq(record.start, (unsigned long)arena + 10 * page);
}

static void *ask_self(void *pidfd)
{
	expect_three(*(int *)pidfd);
	return NULL;
}

static void of_itself(int row)
{
	int pidfd = target_open(getpid());
	pthread_t thread;

	(void)row;
	seal_three(NULL);
	expect_three(pidfd);
	ck_assert_int_eq(pthread_create(&thread, NULL, ask_self, &pidfd), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	in_child(ask_parent, &pidfd);
}

/* Not libc's functions, which would change all threads of a process. */
static int be_user_and_ask(void *pidfd)
{
	struct mseal_record records[ROOM];

	if (syscall(SYS_setresuid, USER, USER, USER))
		return 100;
	return target_query(*(int *)pidfd, NULL, records, ROOM) == 3 ? 0 : errno;
}

static void user_asks(void *pidfd)
{
	_exit(be_user_and_ask(pidfd));
}

/* Whoever shares the memory needs no right to see it. */
static void of_a_sharer(int row)
{
	int pidfd = target_open(getpid()), status;

	(void)row;
	need_root();
	seal_three(NULL);
	status = wait_status(sharer_start(be_user_and_ask, &pidfd, 0));
	ck_assert_int_eq(status, 0);
	/* Changing the user took the memory's dumpable flag away. */
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, 1), 0);
	status = wait_status(child_start(user_asks, &pidfd));
	ck_assert_int_eq(WEXITSTATUS(status), EACCES);
}

static int a_file(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int a_device(void)
{
	return dup(sealer_fd());
}

static int an_event(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

static int a_proc_directory(void)
{
	return open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int closed(void)
{
	int fd = target_open(getpid());

	ck_assert_int_eq(close(fd), 0);
	return fd;
}

static int negative(void)
{
	return -2;
}

static int least(void)
{
	return (int)(1U << 31);
}

static int greatest(void)
{
	return (int)~(1U << 31);
}

static const struct bad_row {
	const char *name;
	int (*make)(void);
} bad_rows[] = {
	{ "file", a_file },
	{ "device", a_device },
	{ "event", an_event },
	{ "directory in /proc", a_proc_directory },
	{ "closed", closed },
	{ "-2", negative },
	{ "least", least },
	{ "greatest", greatest },
};

static void bad_descriptor(int row)
{
	seal_three(NULL);
	expect_error(bad_rows[row].make(), EBADF);
	expect_three(target_open(getpid()));
}

static void ends(int row)
{
	struct target target = target_start(seal_three);
	siginfo_t info;

	(void)row;
	expect_three(target.pidfd);
	ck_assert_int_eq(target_maps_verdict(target.pid), 0);
	gate_open(&target.go);
	ck_assert_int_eq(waitid(P_PID, target.pid, &info, WEXITED | WNOWAIT), 0);
	expect_error(target.pidfd, ESRCH);
	ck_assert_int_eq(target_maps_verdict(target.pid), ESRCH);
	child_wait(target.pid);
	expect_error(target.pidfd, ESRCH);
	ck_assert_int_eq(target_maps_verdict(target.pid), ESRCH);
}

static void *when_the_first_has_ended(void *arg)
{
	struct target *target = arg;

	gate_open(&target->ready);
	gate_wait(&target->go);
	_exit(0);
}

static void lose_first_thread(struct target *self)
{
	pthread_t thread;

	seal_three(self);
	ck_assert_int_eq(pthread_create(&thread, NULL, when_the_first_has_ended, self), 0);
	syscall(SYS_exit, 0);
}

static void first_thread_ends(int row)
{
	struct target target = target_start(lose_first_thread);
	int i;

	(void)row;
	for (i = 0; i < 500 && target_maps_verdict(target.pid) != ESRCH; i++)
		usleep(20000);
	ck_assert_int_eq(target_maps_verdict(target.pid), ESRCH);
	expect_error(target.pidfd, ESRCH);
	target_end(&target);
}

static void of_the_kernel(int row)
{
	char path[32], exe;
	int kthreadd = 2;

	(void)row;
	snprintf(path, sizeof(path), "/proc/%d/exe", kthreadd);
	need_root();
	if (readlink(path, &exe, 1) >= 0 || errno != ENOENT)
		skip("no thread of the kernel to be seen");
	expect_error(target_open(kthreadd), ESRCH);
	ck_assert_int_eq(target_maps_verdict(kthreadd), ESRCH);
}

/* Whom a process is, whether it may be dumped, what it executes; and who asks. */
static const struct may_row {
	const char *name;
	uid_t uid;
	gid_t gid;
	int dumpable;
	mode_t executes;
	uid_t asks;
	int want;
} may_rows[] = {
	{ "same user", USER, USER, 1, 0, USER, 0 },
	{ "same user, may not be dumped", USER, USER, 0, 0, USER, EACCES },
	{ "may not be dumped, root asks", USER, USER, 0, 0, 0, 0 },
	{ "another user", OTHER, USER, 1, 0, USER, EACCES },
	{ "another group", USER, OTHER, 1, 0, USER, EACCES },
	{ "another user, root asks", OTHER, OTHER, 1, 0, 0, 0 },
	{ "root", 0, 0, 1, 0, USER, EACCES },
	{ "root, root asks", 0, 0, 1, 0, 0, 0 },
	{ "executes", USER, USER, 1, 0755, USER, 0 },
	{ "executes what it may not read", USER, USER, 1, 0711, USER, EACCES },
	{ "executes what it may not read, root asks", USER, USER, 1, 0711, 0, 0 },
	{ "executes set-user-ID", USER, USER, 1, 04755, USER, EACCES },
	{ "executes set-user-ID, root asks", USER, USER, 1, 04755, 0, 0 },
};

static const struct may_row *may;

static void become(uid_t uid, gid_t gid)
{
	if (!uid)
		return;
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setresgid(gid, gid, gid), 0);
	ck_assert_int_eq(setresuid(uid, uid, uid), 0);
}

static void be_whom(struct target *self)
{
	int program;

	seal_three(self);
	program = may->executes ? target_program(may->executes) : -1;
	become(may->uid, may->gid);
	if (program >= 0)
		target_exec(self, program);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, may->dumpable), 0);
}

static void ask(void *arg)
{
	struct target *target = arg;
	struct mseal_record record;

	become(may->asks, may->asks);
	ck_assert_int_eq(target_maps_verdict(target->pid), may->want);
	if (may->want)
		expect_error(target->pidfd, may->want);
	else if (!may->executes)
		expect_three(target->pidfd);
	else
		ck_assert_int_eq(target_query(target->pidfd, NULL, &record, 1), 0);
}

static void who_may(int row)
{
	struct target target;

	need_root();
	may = &may_rows[row];
	target = target_start(be_whom);
	in_child(ask, &target);
	target_end(&target);
}

static const struct test_case cases[] = {
	CASE(of_a_child),
	CASE(of_itself),
	CASE(of_a_sharer),
	ROWS(bad_descriptor, bad_rows),
	CASE(ends),
	CASE(first_thread_ends),
	CASE(of_the_kernel),
	ROWS(who_may, may_rows),
};

SUITE(query_process, cases, ENTRY_USUAL);
