// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "footprint.h"
#include "kmsg.h"
#include "modules.h"
#include "sealer.h"
#include "settle.h"

int module_load(const char *name, const char *parameters)
{
	char path[64];
	int fd, err;

	snprintf(path, sizeof(path), "/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	err = syscall(SYS_finit_module, fd, parameters, 0) ? errno : 0;
	close(fd);
	return err;
}

int module_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0;
}

bool module_loaded(const char *name)
{
	FILE *modules = fopen("/proc/modules", "re");
	char line[512], found[64];
	bool loaded = false;

	ck_assert_ptr_nonnull(modules);
	while (!loaded && fgets(line, sizeof(line), modules))
		loaded = sscanf(line, "%63s", found) == 1 && !strcmp(found, name);
	fclose(modules);
	return loaded;
}

static bool unloads(void *name)
{
	int err = module_unload(name);

	return !err || err == ENOENT;
}

bool module_gone(const char *name)
{
	return settles(unloads, (void *)name);
}

void mseal_load(void)
{
	int err;

	kmsg_mark();
	err = module_load("mseal", "");
	ck_assert_msg(!err, "loading: %s; log:\n%s", strerror(err), kmsg_since());
	kmsg_expect_line("version|functions guarded");
	ck_assert_int_eq(sealer_find(), SEALER_DEVICE);
}

void mseal_unload(void)
{
	kmsg_mark();
	ck_assert(module_gone("mseal"));
	kmsg_expect_line(NULL);
	footprint_expect_none();
}

void mseal_load_refused(const char *parameters, int want, const char *words)
{
	struct footprint *before = footprint_take();
	int err;

	kmsg_mark();
	err = module_load("mseal", parameters);
	ck_assert_msg(err == want, "loading: want %d (%s), got %d (%s); log:\n%s",
		      want, strerror(want), err, strerror(err), kmsg_since());
	kmsg_expect_line(words);
	footprint_expect_same(before);
}
