// SPDX-License-Identifier: GPL-2.0
/* A sealed process that is out of memory is killed, and its memory comes back. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define SEALED		(8UL << 20)
#define LIMIT		(24L << 20)
#define MUCH		(256UL << 20)

static char root[] = "/tmp/mseal-cgroup.XXXXXX";

static const char *in_root(const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, file);
	return path;
}

static bool write_to(const char *file, const char *text)
{
	int fd = open(in_root(file), O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* A mount of our own, that ends with the case. */
static void make_group(void)
{
	need_root();
	ck_assert_ptr_nonnull(mkdtemp(root));
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", root, "cgroup2", 0, NULL)) {
		rmdir(root);
		skip("no control groups (%s)", strerror(errno));
	}
	if (!write_to("cgroup.subtree_control", "+memory")) {
		umount2(root, MNT_DETACH);
		rmdir(root);
		skip("no memory controller");
	}
	ck_assert_int_eq(mkdir(in_root("sealed"), 0700), 0);
	ck_assert(file_set_number(in_root("sealed/memory.max"), LIMIT));
	/* Without swap there is no such file. */
	file_set_number(in_root("sealed/memory.swap.max"), 0);
}

static void remove_group(void)
{
	rmdir(in_root("sealed"));
	umount2(root, MNT_DETACH);
	rmdir(root);
}

static long kills(void)
{
	FILE *events = fopen(in_root("sealed/memory.events"), "re");
	char line[64];
	long n = -1;

	ck_assert_ptr_nonnull(events);
	while (fgets(line, sizeof(line), events))
		sscanf(line, "oom_kill %ld", &n);
	fclose(events);
	return n;
}

static char *map_dirty(char *at, size_t size)
{
	char *got = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);

	if (got == MAP_FAILED)
		_exit(2);
	memset(got, 0x6f, size);
	return got;
}

static void want_too_much(void *arg)
{
	(void)arg;
	if (!write_to("sealed/cgroup.procs", "0"))
		_exit(3);
	if (seal(map_dirty(arena, SEALED), SEALED))
		_exit(4);
	map_dirty(NULL, MUCH);
}

static void killed(int row)
{
	long used, killed_so_far;
	int status;

	(void)row;
	make_group();
	status = wait_status(child_start(want_too_much, NULL));
	killed_so_far = kills();
	used = file_number(in_root("sealed/memory.current"));
	remove_group();
	ck_assert_int_eq(status, SIGKILL);
	ck_assert_int_eq(killed_so_far, 1);
	ck_assert_int_lt(used, (long)SEALED);
}

static const struct test_case cases[] = {
	CASE(killed),
};

SUITE(oom, cases, ENTRY_USUAL);
