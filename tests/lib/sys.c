// SPDX-License-Identifier: GPL-2.0
/* The library's calls to the kernel, one by one, on the real kernel. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys.h"

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
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
