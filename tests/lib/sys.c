// SPDX-License-Identifier: GPL-2.0
/* The library's calls to the kernel, one by one, on the real kernel. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/nsfs.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "number.h"
#include "sys.h"

#if defined(__x86_64__)
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__i386__)
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_EAX])
#elif defined(__aarch64__)
#define RESULT(context) ((context)->uc_mcontext.regs[0])
#endif

START_TEST(open_is_for_ioctl_only)
{
	int fd = mseal_sys_open("/dev/null");

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	mseal_sys_close(fd);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

START_TEST(open_fails)
{
	ck_assert_int_eq(mseal_sys_open("/proc/absent"), -ENOENT);
	ck_assert_int_eq(mseal_sys_open("/proc/version/x"), -ENOTDIR);
}
END_TEST

START_TEST(dup_is_closed_on_exec)
{
	int fd = mseal_sys_open("/dev/null");
	int first = mseal_sys_dup(fd, 500);
	int second = mseal_sys_dup(fd, 500);

	ck_assert_int_eq(first, 500);
	ck_assert_int_eq(second, 501);
	ck_assert_int_eq(fcntl(first, F_GETFD), FD_CLOEXEC);
}
END_TEST

/* A limit below the number asked for is another error than a full table. */
START_TEST(dup_fails)
{
	struct rlimit limit = { 20, 20 };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_int_eq(mseal_sys_dup(1, 20), -EINVAL);
	ck_assert_int_eq(mseal_sys_dup(1, 19), 19);
	ck_assert_int_eq(mseal_sys_dup(1, 19), -EMFILE);
	ck_assert_int_eq(mseal_sys_dup(500, 3), -EBADF);
}
END_TEST

START_TEST(identity_is_that_of_stat)
{
	struct mseal_identity id, zero;
	struct stat st;

	memset(&id, 0xcc, sizeof(id));
	ck_assert_int_eq(stat("/dev/null", &st), 0);
	ck_assert_int_eq(mseal_sys_identify(mseal_sys_open("/dev/null"), &id), 0);
	ck_assert_uint_eq(id.dev, st.st_dev);
	ck_assert_uint_eq(id.ino, st.st_ino);
	ck_assert_uint_eq(id.rdev, st.st_rdev);
	ck_assert_int_eq(mseal_sys_identify(mseal_sys_open("/dev/zero"), &zero), 0);
	ck_assert_uint_ne(id.rdev, zero.rdev);
	ck_assert_uint_ne(id.ino, zero.ino);
}
END_TEST

START_TEST(only_devices_have_identity)
{
	struct mseal_identity id;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(mseal_sys_identify(ends[0], &id), -ENOTTY);
	ck_assert_int_eq(mseal_sys_identify(mseal_sys_open("/proc/version"), &id), -ENOTTY);
	ck_assert_int_eq(mseal_sys_identify(mseal_sys_open("/dev"), &id), -ENOTTY);
	ck_assert_int_eq(mseal_sys_identify(500, &id), -EBADF);
	ck_assert_int_eq(mseal_sys_identify(-1, &id), -EBADF);
}
END_TEST

START_TEST(ioctl_passes_everything)
{
	int ends[2], waiting = -1;
	int ns = open("/proc/self/ns/mnt", O_RDONLY);

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], "abc", 3), 3);
	ck_assert_int_eq(mseal_sys_ioctl(ends[0], FIONREAD, &waiting), 0);
	ck_assert_int_eq(waiting, 3);
	ck_assert_int_eq(mseal_sys_ioctl(ends[0], TIOCGWINSZ, &waiting), -ENOTTY);
	ck_assert_int_eq(mseal_sys_ioctl(500, FIONREAD, &waiting), -EBADF);
	ck_assert_int_gt(mseal_sys_ioctl(ns, NS_GET_USERNS, NULL), 0);
}
END_TEST

START_TEST(read_goes_on_and_back)
{
	char text[2][8] = { "", "" };
	int fd = mseal_sys_open("/proc/self/smaps");

	ck_assert_int_eq(mseal_sys_read(fd, text[0], 7), 7);
	ck_assert_int_eq(mseal_sys_read(fd, text[1], 7), 7);
	ck_assert_str_ne(text[0], text[1]);
	ck_assert_int_eq(mseal_sys_rewind(fd), 0);
	ck_assert_int_eq(mseal_sys_read(fd, text[1], 7), 7);
	ck_assert_str_eq(text[0], text[1]);
	mseal_sys_close(fd);
	ck_assert_int_eq(mseal_sys_read(fd, text[0], 7), -EBADF);
	ck_assert_int_eq(mseal_sys_rewind(fd), -EBADF);
}
END_TEST

START_TEST(process_ends)
{
	pid_t pid = fork();
	siginfo_t info;
	int fd;

	if (!pid)
		for (;;)
			pause();
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	ck_assert_msg(fd >= 0, "pidfd_open: %s", strerror(errno));
	ck_assert_int_eq(mseal_sys_ended(fd), 0);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	ck_assert_int_eq(mseal_sys_ended(fd), 1);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(mseal_sys_ended(fd), 1);
	close(fd);
	ck_assert_int_eq(mseal_sys_ended(fd), -EBADF);
}
END_TEST

START_TEST(uname_is_the_kernel_s)
{
	struct utsname ours, theirs;

	ck_assert_int_eq(mseal_sys_uname(&ours), 0);
	ck_assert_int_eq(uname(&theirs), 0);
	ck_assert_str_eq(ours.release, theirs.release);
}
END_TEST

static volatile sig_atomic_t traps;

/* As a program does that has its sandbox ask it: the call fails. */
static void refuse(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	traps++;
#ifdef RESULT
	RESULT((ucontext_t *)context) = -EPERM;
#else
	(void)context;
#endif
}

static void filter(struct sock_filter *code, size_t len)
{
	struct sock_fprog program = { (unsigned short)len, code };

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void refuse_traps(void)
{
	struct sigaction action = { .sa_sigaction = refuse, .sa_flags = SA_SIGINFO };

	ck_assert_int_eq(sigaction(SIGSYS, &action, NULL), 0);
}

/* Twice, since what the first one left behind could be the second one's. */
static void ck_child(int want)
{
	sigset_t one, mask;
	siginfo_t info;

	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &one, NULL), 0);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(mseal_sys_child_mseal(), want);
		ck_assert_int_eq(waitid(P_ALL, 0, &info, WEXITED | WNOHANG | __WALL), -1);
		ck_assert_int_eq(errno, ECHILD);
	}
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	for (int sig = 1; sig < NSIG; sig++)
		ck_assert_int_eq(sigismember(&mask, sig) == 1, sig == SIGUSR1);
}

/* A kernel that can't filter says EINVAL, and so may a filter. */
static const unsigned int doubts[] = { EINVAL, EPERM, ENOSYS };

START_TEST(doubt_counts_as_filtered)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | doubts[_i]),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	ck_assert_int_eq(mseal_sys_filtered(), prctl(PR_GET_SECCOMP) != 0);
	filter(code, sizeof(code) / sizeof(code[0]));
	ck_assert(mseal_sys_filtered());
}
END_TEST

START_TEST(child_lives_on)
{
	ck_child(1);
}
END_TEST

static const struct judgement {
	unsigned int nr, action;
	int want;
	bool heard;	/* the handler, by the program itself */
} judgements[] = {
	{ NR_MSEAL, SECCOMP_RET_ERRNO | EPERM, 1, false },
	{ NR_MSEAL, SECCOMP_RET_KILL_PROCESS, 0, false },
	{ NR_MSEAL, SECCOMP_RET_KILL_THREAD, 0, false },
	{ NR_MSEAL, SECCOMP_RET_TRAP, 0, false },
	{ SYS_clone, SECCOMP_RET_ERRNO | EPERM, -EPERM, false },
	{ SYS_wait4, SECCOMP_RET_ERRNO | EPERM, -ECHILD, false },
	{ SYS_wait4, SECCOMP_RET_ERRNO | ECHILD, -ECHILD, false },
	{ SYS_wait4, SECCOMP_RET_ERRNO | EINTR, -ECHILD, false },
#ifdef RESULT
	{ SYS_clone, SECCOMP_RET_TRAP, -EPERM, true },
	{ SYS_wait4, SECCOMP_RET_TRAP, -ECHILD, true },
#endif
};

START_TEST(child_is_judged)
{
	const struct judgement *judged = &judgements[_i];
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, judged->nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, judged->action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	refuse_traps();
	filter(code, sizeof(code) / sizeof(code[0]));
	ck_child(judged->want);
	ck_assert_int_eq(traps != 0, judged->heard);
}
END_TEST

/* Filtered by arguments: SIG_BLOCK, and no room for the mask before. */
START_TEST(child_that_cannot_block)
{
	const size_t before = offsetof(struct seccomp_data, args[2]);
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigprocmask, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SIG_BLOCK, 0, 5),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, before),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, before + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	filter(code, sizeof(code) / sizeof(code[0]));
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &(sigset_t){ 0 }, NULL), -1);
	ck_child(-EAGAIN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calls of the kernel");
	TCase *tcase = tcase_create("sys");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, open_is_for_ioctl_only);
	tcase_add_test(tcase, open_fails);
	tcase_add_test(tcase, dup_is_closed_on_exec);
	tcase_add_test(tcase, dup_fails);
	tcase_add_test(tcase, identity_is_that_of_stat);
	tcase_add_test(tcase, only_devices_have_identity);
	tcase_add_test(tcase, ioctl_passes_everything);
	tcase_add_test(tcase, read_goes_on_and_back);
	tcase_add_test(tcase, process_ends);
	tcase_add_test(tcase, uname_is_the_kernel_s);
	tcase_add_loop_test(tcase, doubt_counts_as_filtered, 0,
			    sizeof(doubts) / sizeof(doubts[0]));
	tcase_add_test(tcase, child_lives_on);
	tcase_add_loop_test(tcase, child_is_judged, 0,
			    sizeof(judgements) / sizeof(judgements[0]));
	tcase_add_test(tcase, child_that_cannot_block);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
