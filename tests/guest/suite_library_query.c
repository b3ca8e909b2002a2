// SPDX-License-Identifier: GPL-2.0
/* mseal_query() with the real kernel, whichever way it finds to it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mseal.h>

#include "cases.h"
#include "library.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"
#include "target.h"

#define USER		65534
#define OTHER		65533
#define UNTOUCHED	12345
#define MANY		100
#define RW		(PROT_READ | PROT_WRITE)

/* Neighbours of different kinds are one, for the seal is the same. */
#define LAYOUT		"wWWwRFww.Sr"

static void seal_some(struct target *self)
{
	(void)self;
	layout_map(arena, LAYOUT);
	layout_seal(arena, LAYOUT);
}

static void expect_seal(const struct mseal_seal *seal, size_t first, size_t end)
{
	ck_assert_ptr_eq(seal->addr, arena + first * page);
	ck_assert_uint_eq(seal->len, (end - first) * page);
	ck_assert_uint_eq(seal->types, MSEAL_T_NATIVE);
	ck_assert_uint_eq(seal->reported, 0);
}

static void expect_some(int pidfd)
{
	struct mseal_seal seals[4];

	memset(seals, 0x55, sizeof(seals));
	errno = UNTOUCHED;
	ck_assert_int_eq(mseal_query(pidfd, arena, seals, 3), 3);
	ck_assert_int_eq(errno, UNTOUCHED);
	expect_seal(&seals[0], 1, 3);
	expect_seal(&seals[1], 4, 6);
	expect_seal(&seals[2], 9, 10);
	ck_assert_uint_eq(seals[3].types, 0x5555555555555555);
}

static void expect_error(int pidfd, int want)
{
	struct mseal_seal seal;

	errno = 0;
	ck_assert_int_eq(mseal_query(pidfd, NULL, &seal, 1), -1);
	ck_assert_msg(errno == want, "want %s, got %s", strerror(want), strerror(errno));
}

static void expect_none(int pidfd)
{
	struct mseal_seal seal;
	long n = mseal_query(pidfd, arena, &seal, 1);

	/* Some kernels seal mappings of their own. */
	ck_assert(!n || (n == 1 && (char *)seal.addr >= arena + sizeof(LAYOUT) * page));
}

static void of_itself(int row)
{
	struct mseal_seal seal;

	(void)row;
	expect_none(MSEAL_SELF);
	seal_some(NULL);
	expect_some(MSEAL_SELF);
	expect_some(target_open(getpid()));
	ck_assert_int_eq(mseal_query(MSEAL_SELF, arena + 2 * page, &seal, 1), 1);
	expect_seal(&seal, 2, 3);
	ck_assert_int_eq(mseal_query(MSEAL_SELF, arena + 3 * page, &seal, 1), 1);
	expect_seal(&seal, 4, 6);
	ck_assert_int_eq(mseal_query(MSEAL_SELF, NULL, NULL, 0), 0);
	ck_assert_int_eq(mseal_query(MSEAL_SELF, (void *)-1UL, &seal, 1), 0);
}

static void *ask(void *arg)
{
	(void)arg;
	while (target_maps_verdict(getpid()) != ESRCH)
		usleep(1000);
	expect_some(MSEAL_SELF);
	_exit(EXIT_SUCCESS);
}

/* What is left of a process is still itself. */
static void without_first_thread(void *arg)
{
	pthread_t thread;

	(void)arg;
	seal_some(NULL);
	ck_assert_int_eq(pthread_create(&thread, NULL, ask, NULL), 0);
	syscall(SYS_exit, 0);
}

static void of_what_is_left(int row)
{
	(void)row;
	in_child(without_first_thread, NULL);
}

static const struct piece_row {
	const char *name;
	long room;
} piece_rows[] = {
	{ "1", 1 }, { "7", 7 }, { "32", 32 }, { "33", 33 }, { "all", MANY },
	{ "more", MANY + 1 },
};

static void in_pieces(int row)
{
	struct mseal_seal seals[MANY + 1];
	char *at = arena, *end = arena + 2 * MANY * page;
	long room = piece_rows[row].room, n, i, seen = 0;

	ck_assert_ptr_eq(mmap(arena, 2 * MANY * page, RW, MAP_PRIVATE | MAP_ANONYMOUS |
			      MAP_FIXED_NOREPLACE, -1, 0), arena);
	for (i = 0; i < MANY; i++)
		ck_assert_int_eq(mseal(arena + 2 * i * page, page, 0), 0);
	do {
		n = mseal_query(MSEAL_SELF, at, seals, room);
		ck_assert_int_ge(n, 0);
		for (i = 0; i < n && (char *)seals[i].addr < end; i++, seen++)
			expect_seal(&seals[i], 2 * seen, 2 * seen + 1);
		if (i)
			at = (char *)seals[i - 1].addr + page;
	} while (n == room && i == n);
	ck_assert_int_eq(seen, MANY);
}

static void of_a_child(int row)
{
	struct target target = target_start(seal_some);
	siginfo_t info;

	(void)row;
	expect_some(target.pidfd);
	expect_none(MSEAL_SELF);
	gate_open(&target.go);
	ck_assert_int_eq(waitid(P_PID, target.pid, &info, WEXITED | WNOWAIT), 0);
	expect_error(target.pidfd, ESRCH);
	child_wait(target.pid);
	expect_error(target.pidfd, ESRCH);
	close(target.pidfd);
	expect_error(target.pidfd, EBADF);
}

static void seal_and_execute(struct target *self)
{
	int program = target_program(0755);

	seal_some(self);
	gate_open(&self->ready);
	gate_wait(&self->go);
	target_exec(self, program);
}

static void of_another_program(int row)
{
	struct target target = target_start(seal_and_execute);

	(void)row;
	expect_some(target.pidfd);
	gate_open(&target.go);
	gate_wait(&target.ready);
	expect_none(target.pidfd);
	target_end(&target);
}

static int a_file(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int a_proc_directory(void)
{
	return open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int an_own_pipe(void)
{
	struct gate gate;

	gate_init(&gate);
	return gate.fd[0];
}

static int negative(void)
{
	return -2;
}

static int not_open(void)
{
	return 999;
}

static const struct bad_row {
	const char *name;
	int (*make)(void);
} bad_rows[] = {
	{ "file", a_file },
	{ "directory in /proc", a_proc_directory },
	{ "pipe", an_own_pipe },
	{ "-2", negative },
	{ "not open", not_open },
};

static void bad_descriptor(int row)
{
	seal_some(NULL);
	expect_error(bad_rows[row].make(), EBADF);
	expect_some(target_open(getpid()));
}

static const struct may_row {
	const char *name;
	uid_t uid;
	int dumpable;
	const char *proc;	/* options of another mount of /proc */
	uid_t asks;
	int want;
} may_rows[] = {
	{ "same user", USER, 1, NULL, USER, 0 },
	{ "same user, may not be dumped", USER, 0, NULL, USER, EACCES },
	{ "another user", OTHER, 1, NULL, USER, EACCES },
	{ "another user, root asks", OTHER, 1, NULL, 0, 0 },
	{ "same user, others are closed", USER, 1, "hidepid=1", USER, 0 },
	{ "another user, closed", OTHER, 1, "hidepid=1", USER, EACCES },
	{ "same user, others are hidden", USER, 1, "hidepid=2", USER, 0 },
	{ "another user, hidden", OTHER, 1, "hidepid=2", USER, EACCES },
};

static const struct may_row *may;

static void become(uid_t uid)
{
	if (!uid)
		return;
	ck_assert_int_eq(setgroups(0, NULL), 0);
	ck_assert_int_eq(setresgid(USER, USER, USER), 0);
	ck_assert_int_eq(setresuid(uid, uid, uid), 0);
}

static void be_whom(struct target *self)
{
	seal_some(self);
	become(may->uid);
	ck_assert_int_eq(prctl(PR_SET_DUMPABLE, may->dumpable), 0);
}

static void own_mounts(void)
{
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
}

static void ask_as(void *arg)
{
	struct target *target = arg;

	if (may->proc) {
		own_mounts();
		ck_assert_int_eq(mount("proc", "/proc", "proc", 0, may->proc), 0);
	}
	become(may->asks);
	if (may->want)
		expect_error(target->pidfd, may->want);
	else
		expect_some(target->pidfd);
}

static void who_may(int row)
{
	struct target target;

	need_root();
	may = &may_rows[row];
	target = target_start(be_whom);
	in_child(ask_as, &target);
	target_end(&target);
}

static void ask_without_proc(void *arg)
{
	int pidfd = target_open(getpid());

	(void)arg;
	own_mounts();
	ck_assert_int_eq(umount2("/proc", MNT_DETACH), 0);
	if (sealer_kind() == SEALER_DEVICE) {
		expect_some(MSEAL_SELF);
		expect_some(pidfd);
	} else {
		expect_error(MSEAL_SELF, ENOSYS);
		expect_error(pidfd, ENOSYS);
		expect_error(not_open(), EBADF);
	}
}

static void without_proc(int row)
{
	(void)row;
	need_root();
	seal_some(NULL);
	expect_some(MSEAL_SELF);
	in_child(ask_without_proc, NULL);
}

/* Who would not seal isn't asked either. */
static void number_filtered(int row)
{
	(void)row;
	seal_some(NULL);
	filter_call(NR_MSEAL, EPERM);
	if (sealer_kind() == SEALER_DEVICE)
		expect_some(MSEAL_SELF);
	else
		expect_error(MSEAL_SELF, ENOSYS);
}

static const struct test_case cases[] = {
	CASE(of_itself),
	CASE(of_what_is_left),
	ROWS(in_pieces, piece_rows),
	CASE(of_a_child),
	CASE(of_another_program),
	ROWS(bad_descriptor, bad_rows),
	ROWS(who_may, may_rows),
	CASE(without_proc),
	CASE(number_filtered),
};

SUITE(library_query, cases, ENTRY_USUAL);
