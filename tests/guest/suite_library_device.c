// SPDX-License-Identifier: GPL-2.0
/* libmseal where the device is missing, closed, forbidden or something else. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <mseal.h>
#include <linux/mseal_dev.h>

#include "cases.h"
#include "expect.h"
#include "library.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define NOBODY	65534

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* For an ordinary user; without a known owner no file could be made in there. */
static void own_users(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];

	if (unshare(CLONE_NEWNS | CLONE_NEWUSER))
		skip("no mount namespace (%s)", strerror(errno));
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	write_text("/proc/self/gid_map", map);
}

/* A mount namespace, so that /dev can be anything; empty at first. */
static void own_dev(void)
{
	if (unshare(CLONE_NEWNS))
		own_users();
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/dev", "tmpfs", 0, NULL))
		skip("can't mount over /dev (%s)", strerror(errno));
}

static void no_device(int row)
{
	(void)row;
	own_dev();
	library_expect_no_way(ENOENT);
	/* Only success is remembered. */
	ck_assert_int_eq(umount("/dev"), 0);
	library_expect_way();
}

static void as_nobody(void *arg)
{
	(void)arg;
	ck_assert_int_eq(setresuid(NOBODY, NOBODY, NOBODY), 0);
	library_expect_no_way(EACCES);
}

static void no_way_into_dev(int row)
{
	(void)row;
	need_root();
	own_dev();
	ck_assert_int_eq(chmod("/dev", 0700), 0);
	in_child(as_nobody, NULL);
}

static void make_node(mode_t mode, unsigned int major_nr, unsigned int minor_nr)
{
	if (mknod(MSEAL_DEVICE, mode, makedev(major_nr, minor_nr)))
		skip("can't make a device node (%s)", strerror(errno));
	ck_assert_int_eq(chmod(MSEAL_DEVICE, mode & 0777), 0);
}

static void no_permission(int row)
{
	struct stat st;

	(void)row;
	need_root();
	ck_assert_int_eq(stat(MSEAL_DEVICE, &st), 0);
	own_dev();
	make_node(S_IFCHR | 0600, major(st.st_rdev), minor(st.st_rdev));
	in_child(as_nobody, NULL);
	library_expect_way();
}

static const struct other_row {
	const char *name;
	mode_t mode;
	unsigned int major_nr, minor_nr;
	int cause;
} other_rows[] = {
	{ "null device", S_IFCHR | 0666, 1, 3, ENOTTY },
	{ "full device", S_IFCHR | 0666, 1, 7, ENOTTY },
	{ "no driver", S_IFCHR | 0666, 60, 0, ENODEV },
};

static void other_device(int row)
{
	const struct other_row *o = &other_rows[row];

	own_dev();
	make_node(o->mode, o->major_nr, o->minor_nr);
	library_expect_no_way(o->cause);
}

static void a_file_instead(int row)
{
	char content[16] = "";
	int fd;

	(void)row;
	own_dev();
	fd = open(MSEAL_DEVICE, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "mine", 4), 4);
	library_expect_no_way(ENOTTY);
	ck_assert_int_eq(pread(fd, content, sizeof(content), 0), 4);
	ck_assert_str_eq(content, "mine");
}

static void no_descriptor_free(int row)
{
	const struct rlimit limit = { 32, 32 };
	int fd, last = -1;

	(void)row;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while ((fd = open("/", O_RDONLY | O_CLOEXEC)) >= 0)
		last = fd;
	ck_assert_int_eq(errno, EMFILE);
	library_expect_no_way(EMFILE);
	for (fd = last; fd > last - 4; fd--)
		close(fd);
	library_expect_way();
}

/* The descriptors of the device that this process has; returns how many. */
static int device_descriptors(int *which)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[64];
	int count = 0;
	ssize_t len;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target,
				 sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strcmp(target, MSEAL_DEVICE))
			continue;
		*which = atoi(entry->d_name);
		count++;
	}
	closedir(dir);
	return count;
}

static int librarys_descriptor(void)
{
	int fd = -1;

	sealer_close();
	library_expect_mseal(arena, page, 0, 0);
	ck_assert_int_eq(device_descriptors(&fd), 1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	return fd;
}

static void descriptor_closed(int row)
{
	int fd;

	(void)row;
	layout_map(arena, "www");
	ck_assert_int_eq(close(librarys_descriptor()), 0);
	library_expect_mseal(arena + page, page, 0, 0);
	ck_assert_int_eq(device_descriptors(&fd), 1);
	layout_expect_sealed(arena, "WWw");
}

/* Also Check's own descriptor, so there is only the exit status to tell. */
static void close_everything(void *arg)
{
	int fd;

	(void)arg;
	librarys_descriptor();
	for (fd = 0; fd < 2048; fd++)
		close(fd);
	if (mseal(arena + page, page, 0))
		_exit(2);
	/* Where a program would write its messages there must be no device. */
	if (!fcntl(0, F_GETFD) || !fcntl(1, F_GETFD) || !fcntl(2, F_GETFD))
		_exit(3);
	_exit(munmap(arena + page, page) != -1 || errno != EPERM ? 4 : 0);
}

static void everything_closed(int row)
{
	(void)row;
	layout_map(arena, "www");
	in_child(close_everything, NULL);
}

static int open_file(void)
{
	return pattern_file(1, O_RDWR);
}

static int open_null(void)
{
	return open("/dev/null", O_RDWR);
}

static int open_pipe(void)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	return fds[1];
}

static int open_directory(void)
{
	return open("/", O_RDONLY | O_DIRECTORY);
}

static const struct reuse_row {
	const char *name;
	int (*open)(void);
} reuse_rows[] = {
	{ "file", open_file }, { "null device", open_null }, { "pipe", open_pipe },
	{ "directory", open_directory },
};

/* The number now is the program's: the library lets it be. */
static void descriptor_reused(int row)
{
	struct stat before, after;
	int fd, other;

	layout_map(arena, "www");
	fd = librarys_descriptor();
	other = reuse_rows[row].open();
	ck_assert_int_ge(other, 0);
	ck_assert_int_eq(dup2(other, fd), fd);
	close(other);
	ck_assert_int_eq(fstat(fd, &before), 0);
	library_expect_mseal(arena + page, page, 0, 0);
	layout_expect_sealed(arena, "WWw");
	ck_assert_int_eq(fstat(fd, &after), 0);
	ck_assert(before.st_ino == after.st_ino && before.st_dev == after.st_dev &&
		  before.st_rdev == after.st_rdev && before.st_size == after.st_size);
	ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(device_descriptors(&other), 1);
	ck_assert_int_ne(other, fd);
}

static void given_descriptor(int row)
{
	int fd, other;

	(void)row;
	layout_map(arena, "wwww");
	sealer_close();
	fd = mseal_open();
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(mseal_use_fd(fd), 0);
	own_dev();
	library_expect_mseal(arena, page, 0, 0);
	/* Not another one has been opened, nor could it be. */
	ck_assert_int_eq(device_descriptors(&other), 1);
	ck_assert_int_eq(close(fd), 0);
	library_expect_mseal(arena + page, page, 0, ENOSYS);
	ck_assert_int_eq(umount("/dev"), 0);
	library_expect_mseal(arena + page, page, 0, 0);
	layout_expect_sealed(arena, "WWww");
}

static void wrong_descriptor_given(int row)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)row;
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(mseal_use_fd(fd), -1);
	ck_assert_int_eq(errno, ENOTTY);
	ck_assert_int_eq(close(fd), 0);
	ck_assert_int_eq(mseal_use_fd(fd), -1);
	ck_assert_int_eq(errno, EBADF);
	library_expect_way();
}

static void in_a_chroot(int row)
{
	char dir[] = "/tmp/mseal-test.XXXXXX";
	int fd = mseal_open();

	(void)row;
	need_root();
	layout_map(arena, "ww");
	ck_assert_int_ge(fd, 0);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	ck_assert_int_eq(chroot("."), 0);
	library_expect_mseal(arena, page, 0, ENOSYS);
	ck_assert_int_eq(mseal_use_fd(fd), 0);
	library_expect_mseal(arena, page, 0, 0);
	expect_refused(arena);
	expect_free(arena + page);
}

static const struct filtered_row {
	const char *name;
	int nr;
	int error;
} filtered_rows[] = {
	{ "ioctl, EPERM", SYS_ioctl, EPERM },
	{ "ioctl, EACCES", SYS_ioctl, EACCES },
	{ "ioctl, ENOSYS", SYS_ioctl, ENOSYS },
	{ "openat, EPERM", SYS_openat, EPERM },
	{ "openat, EACCES", SYS_openat, EACCES },
	{ "openat, ENOSYS", SYS_openat, ENOSYS },
};

static void filtered(int row)
{
	filter_call(filtered_rows[row].nr, filtered_rows[row].error);
	library_expect_no_way(filtered_rows[row].error);
}

/* This kernel doesn't know the number; a sandbox may kill for it. */
static void number_not_tried(int row)
{
	(void)row;
	filter_call(NR_MSEAL, 0);
	library_expect_way();
}

static const struct test_case cases[] = {
	CASE(no_device),
	CASE(no_way_into_dev),
	CASE(no_permission),
	ROWS(other_device, other_rows),
	CASE(a_file_instead),
	CASE(no_descriptor_free),
	CASE(descriptor_closed),
	CASE(everything_closed),
	ROWS(descriptor_reused, reuse_rows),
	CASE(given_descriptor),
	CASE(wrong_descriptor_given),
	CASE(in_a_chroot),
	ROWS(filtered, filtered_rows),
	CASE(number_not_tried),
};

SUITE(library_device, cases, ENTRY_USUAL);
