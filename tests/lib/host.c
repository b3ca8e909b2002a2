// SPDX-License-Identifier: GPL-2.0
/*
 * The real library on the real kernel, whichever that is.  What is to be
 * expected is asked of the kernel without the library's help.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mseal.h"

#define NR_MSEAL 462

static size_t page;

static void setup(void)
{
	page = (size_t)sysconf(_SC_PAGESIZE);
}

static int expected_backend(void)
{
	struct utsname name;
	unsigned int major, minor;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		abort();
	if (major * 1000 + minor >= 6010 && !syscall(NR_MSEAL, 0UL, 0UL, 0UL))
		return MSEAL_BACKEND_NATIVE;
	return access("/dev/mseal", F_OK) ? MSEAL_BACKEND_NONE : MSEAL_BACKEND_DEVICE;
}

static char *map(size_t pages)
{
	char *p = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(p, MAP_FAILED);
	p[0] = 42;
	return p;
}

/* The four letters of /proc/self/maps, empty if the address isn't mapped. */
static void protection(const void *addr, char perms[5])
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	char line[512];

	ck_assert_ptr_nonnull(maps);
	perms[0] = '\0';
	while (!perms[0] && fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %4s", &start, &end, perms) != 3 ||
		    (unsigned long)addr < start || (unsigned long)addr >= end)
			perms[0] = '\0';
	fclose(maps);
}

static void ck_fails(int ret, int err)
{
	int got = errno;

	ck_assert_int_eq(ret, -1);
	ck_assert_int_eq(got, err);
}

START_TEST(backend_is_the_host_s)
{
	int why = -1, backend = expected_backend();

	ck_assert_int_eq(mseal_backend(&why), backend);
	ck_assert_int_eq(why != 0, backend == MSEAL_BACKEND_NONE);
}
END_TEST

START_TEST(page_is_sealed)
{
	char *twin = map(1), *p = map(1);
	char perms[5];

	ck_assert_int_eq(mprotect(twin, page, PROT_READ), 0);
	ck_assert_int_eq(munmap(twin, page), 0);

	errno = ERANGE;
	if (expected_backend() == MSEAL_BACKEND_NONE) {
		ck_fails(mseal(p, page, 0), ENOSYS);
		ck_assert_int_eq(munmap(p, page), 0);
		return;
	}
	ck_assert_int_eq(mseal(p, page, 0), 0);
	ck_assert_int_eq(errno, ERANGE);
	ck_fails(munmap(p, page), EPERM);
	ck_fails(mprotect(p, page, PROT_READ), EPERM);
	ck_assert_int_eq(p[0], 42);
	protection(p, perms);
	ck_assert_str_eq(perms, "rw-p");
	p[0] = 43;
}
END_TEST

START_TEST(bad_arguments)
{
	int none = expected_backend() == MSEAL_BACKEND_NONE;
	char *p = map(3);

	ck_assert_int_eq(munmap(p + page, page), 0);
	ck_fails(mseal(p, page, 1), none ? ENOSYS : EINVAL);
	ck_fails(mseal(p + 1, page, 0), none ? ENOSYS : EINVAL);
	ck_fails(mseal(p, (size_t)-1, 0), none ? ENOSYS : EINVAL);
	ck_fails(mseal(p, 3 * page, 0), none ? ENOSYS : ENOMEM);
	ck_fails(mseal(p + page, page, 0), none ? ENOSYS : ENOMEM);
	ck_assert_int_eq(mseal(p, 0, 0), none ? -1 : 0);
	ck_assert_int_eq(munmap(p, page), 0);
	ck_assert_int_eq(munmap(p + 2 * page, page), 0);
}
END_TEST

START_TEST(descriptors_that_are_not_the_device)
{
	int device = open("/dev/null", O_WRONLY);
	int file = open("/proc/self/maps", O_RDONLY);
	int ends[2];

	ck_assert_int_ge(device, 0);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(pipe(ends), 0);
	ck_fails(mseal_use_fd(device), ENOTTY);
	ck_fails(mseal_use_fd(file), ENOTTY);
	ck_fails(mseal_use_fd(ends[0]), ENOTTY);
	ck_assert_int_eq(close(ends[1]), 0);
	ck_fails(mseal_use_fd(ends[1]), EBADF);
	ck_fails(mseal_use_fd(-2), EBADF);
	ck_assert_int_eq(mseal_use_fd(-1), 0);
	ck_assert_int_eq(write(device, "x", 1), 1);
}
END_TEST

/* Has system call 462 answered by action, every other one allowed. */
static void filter(unsigned int action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NR_MSEAL, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static const int refusals[] = { EPERM, EACCES, ENOSYS };

START_TEST(filter_refuses_the_call)
{
	int native = expected_backend() == MSEAL_BACKEND_NATIVE;
	char *p = map(1);
	int why;

	filter(SECCOMP_RET_ERRNO | (unsigned int)refusals[_i]);
	ck_fails((int)syscall(NR_MSEAL, p, page, 0UL), refusals[_i]);
	if (expected_backend() == MSEAL_BACKEND_DEVICE) {
		ck_assert_int_eq(mseal(p, page, 0), 0);
		ck_fails(munmap(p, page), EPERM);
		return;
	}
	ck_fails(mseal(p, page, 0), ENOSYS);
	ck_assert_int_eq(mseal_backend(&why), MSEAL_BACKEND_NONE);
	ck_assert_int_eq(why, native ? refusals[_i] : ENOENT);
	ck_assert_int_eq(munmap(p, page), 0);
}
END_TEST

static volatile sig_atomic_t signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

/* By these nobody lives who makes the call; the last asks the program's handler. */
static const unsigned int kills[] = {
	SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP,
};

static int backend_under_kill(int *why)
{
	int backend = expected_backend();

	*why = backend == MSEAL_BACKEND_NATIVE ? ENOSYS : ENOENT;
	return backend == MSEAL_BACKEND_DEVICE ? backend : MSEAL_BACKEND_NONE;
}

/* The program neither dies nor notices anything of who died for it. */
START_TEST(filter_kills_for_the_call)
{
	struct rlimit whole = { RLIM_INFINITY, RLIM_INFINITY };
	int why, cause, backend = backend_under_kill(&cause);
	sigset_t one, mask;
	char *p = map(1);

	setrlimit(RLIMIT_CORE, &whole);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, on_signal);
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, &one, NULL), 0);
	filter(kills[_i]);
	ck_assert_int_eq(mseal_backend(&why), backend);
	if (backend == MSEAL_BACKEND_NONE) {
		ck_assert_int_eq(why, cause);
		ck_fails(mseal(p, page, 0), ENOSYS);
		ck_assert_int_eq(munmap(p, page), 0);
	}
	ck_assert_int_eq(sigprocmask(SIG_SETMASK, NULL, &mask), 0);
	for (int sig = 1; sig < NSIG; sig++)
		ck_assert_int_eq(sigismember(&mask, sig) == 1, sig == SIGUSR1);
	ck_assert_int_eq(signals, 0);
	ck_fails(waitpid(-1, NULL, __WALL), ECHILD);
}
END_TEST

/* From here on the kernel says that it is 2.6. */
static void pose_as_old(void)
{
	struct utsname name;

	ck_assert_int_ne(personality(PER_LINUX | UNAME26), -1);
	ck_assert_int_eq(uname(&name), 0);
	ck_assert_int_eq(name.release[0], '2');
}

START_TEST(old_kernel_is_not_asked)
{
	int status;
	pid_t pid;

	filter(SECCOMP_RET_KILL_PROCESS);
	pid = fork();
	if (!pid) {
		syscall(NR_MSEAL, 0UL, 0UL, 0UL);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);

	pose_as_old();
	ck_assert_int_eq(mseal(map(1), page, 0), access("/dev/mseal", F_OK));
	ck_assert_int_ne(mseal_backend(NULL), MSEAL_BACKEND_NATIVE);
}
END_TEST

START_TEST(no_descriptor_free)
{
	struct rlimit none = { 3, 3 };
	int why;

	pose_as_old();
	for (int fd = 0; fd < 3; fd++)
		ck_assert_int_ge(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	ck_fails(mseal(map(1), page, 0), ENOSYS);
	ck_assert_int_eq(mseal_backend(&why), MSEAL_BACKEND_NONE);
	ck_assert_int_eq(why, EMFILE);
	ck_fails(mseal_open(), EMFILE);
}
END_TEST

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t n = write(fd, text, strlen(text));

	close(fd);
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

/* Root in a user namespace of its own, where an ordinary user may mount. */
static int become_root(void)
{
	char uid[32], gid[32];

	snprintf(uid, sizeof(uid), "0 %u 1", getuid());
	snprintf(gid, sizeof(gid), "0 %u 1", getgid());
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) ||
	       write_file("/proc/self/uid_map", uid) ||
	       write_file("/proc/self/setgroups", "deny") ||
	       write_file("/proc/self/gid_map", gid) ? -1 : 0;
}

/* A /dev of this process's own, empty; the old /dev/null stays open. */
static int null = -1;

static int private_dev(void)
{
	null = open("/dev/null", O_RDWR);
	if (unshare(CLONE_NEWNS) && become_root())
		return -1;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return -1;
	return mount("none", "/dev", "tmpfs", 0, NULL);
}

enum { NOTHING, FIFO, REGULAR_FILE, DIRECTORY, CHARACTER_DEVICE, KINDS };

static void place(int kind)
{
	char link[32];

	switch (kind) {
	case FIFO:
		ck_assert_int_eq(mkfifo("/dev/mseal", 0600), 0);
		break;
	case REGULAR_FILE:
		ck_assert_int_ge(open("/dev/mseal", O_CREAT | O_WRONLY, 0600), 0);
		break;
	case DIRECTORY:
		ck_assert_int_eq(mkdir("/dev/mseal", 0700), 0);
		break;
	case CHARACTER_DEVICE:
		ck_assert_int_ge(null, 0);
		snprintf(link, sizeof(link), "/proc/self/fd/%d", null);
		ck_assert_int_eq(symlink(link, "/dev/mseal"), 0);
		break;
	}
}

/* Nothing that is found at the path may hang the caller or be taken for the device. */
START_TEST(something_else_at_the_path)
{
	int err = _i == NOTHING ? ENOENT : ENOTTY;
	int why;

	ck_assert_int_eq(private_dev(), 0);
	place(_i);
	pose_as_old();
	alarm(5);
	ck_fails(mseal(map(1), page, 0), ENOSYS);
	ck_assert_int_eq(mseal_backend(&why), MSEAL_BACKEND_NONE);
	ck_assert_int_eq(why, err);
	ck_fails(mseal_open(), err);
}
END_TEST

static void *cancelled(void *reached)
{
	char *p = map(1);

	pthread_cancel(pthread_self());
	mseal(p, page, 0);
	mseal_query(MSEAL_SELF, NULL, NULL, 0);
	mseal_backend(NULL);
	mseal_use_fd(-1);
	mseal_open();
	*(int *)reached = 1;
	pthread_testcancel();
	*(int *)reached = 2;
	return NULL;
}

/* Opens, looks at and closes something, with a cancellation pending all along. */
START_TEST(no_cancellation_point)
{
	int reached = 0;
	pthread_t thread;
	void *ret;

	ck_assert_int_eq(private_dev(), 0);
	place(CHARACTER_DEVICE);
	pose_as_old();
	ck_assert_int_eq(pthread_create(&thread, NULL, cancelled, &reached), 0);
	ck_assert_int_eq(pthread_join(thread, &ret), 0);
	ck_assert_ptr_eq(ret, PTHREAD_CANCELED);
	ck_assert_int_eq(reached, 1);
}
END_TEST

static int may_hide_dev(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(private_dev() != 0);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

static Suite *suite(void)
{
	Suite *all = suite_create("libmseal on this host");
	TCase *tcase = tcase_create("host");

	tcase_add_checked_fixture(tcase, setup, NULL);
	tcase_add_test(tcase, backend_is_the_host_s);
	tcase_add_test(tcase, page_is_sealed);
	tcase_add_test(tcase, bad_arguments);
	tcase_add_test(tcase, descriptors_that_are_not_the_device);
	tcase_add_loop_test(tcase, filter_refuses_the_call, 0, 3);
	tcase_add_loop_test(tcase, filter_kills_for_the_call, 0, 3);
	tcase_add_test(tcase, old_kernel_is_not_asked);
	tcase_add_test(tcase, no_descriptor_free);
	/* Why root can't is for the cases to tell. */
	if (may_hide_dev() || (!geteuid() && !getenv("MSEAL_TEST_MAY_LACK"))) {
		tcase_add_loop_test(tcase, something_else_at_the_path, 0, KINDS);
		tcase_add_test(tcase, no_cancellation_point);
	} else {
		printf("NOT RUN, no private mount namespace: something_else_at_the_path, no_cancellation_point\n");
	}
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	static const char *const names[] = { "none: expecting ENOSYS", "native", "device" };
	SRunner *runner = srunner_create(suite());
	int failed;

	printf("backend here: %s\n", names[expected_backend()]);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
