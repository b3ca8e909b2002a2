// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "proc.h"
#include "report.h"

static char root[] = "/tmp/mseal-cgroup.XXXXXX";

static const char *in_root(const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, file);
	return path;
}

const char *cgroup_file(const char *name)
{
	char file[64];

	snprintf(file, sizeof(file), "sealed/%s", name);
	return in_root(file);
}

static bool write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

void cgroup_make(long limit)
{
	need_root();
	ck_assert_ptr_nonnull(mkdtemp(root));
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", root, "cgroup2", 0, NULL)) {
		rmdir(root);
		skip("no control groups (%s)", strerror(errno));
	}
	if (!write_to(in_root("cgroup.subtree_control"), "+memory")) {
		umount2(root, MNT_DETACH);
		rmdir(root);
		skip("no memory controller");
	}
	/* A case that failed may have left it. */
	rmdir(in_root("sealed"));
	ck_assert_int_eq(mkdir(in_root("sealed"), 0700), 0);
	ck_assert(file_set_number(cgroup_file("memory.max"), limit));
	/* Without swap there is no such file. */
	file_set_number(cgroup_file("memory.swap.max"), 0);
}

void cgroup_remove(void)
{
	rmdir(in_root("sealed"));
	umount2(root, MNT_DETACH);
	rmdir(root);
}

bool cgroup_join(void)
{
	return write_to(cgroup_file("cgroup.procs"), "0");
}

long cgroup_kills(void)
{
	FILE *events = fopen(cgroup_file("memory.events"), "re");
	char line[64];
	long n = -1;

	ck_assert_ptr_nonnull(events);
	while (fgets(line, sizeof(line), events))
		sscanf(line, "oom_kill %ld", &n);
	fclose(events);
	return n;
}
