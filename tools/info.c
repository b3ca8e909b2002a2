// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libkmod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <mseal.h>

#include "info.h"
#include "tool.h"

char *info_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return NULL;
	if (getline(&line, &room, file) < 0) {
		free(line);
		line = NULL;
	} else {
		line[strcspn(line, "\n")] = '\0';
	}
	fclose(file);
	return line;
}

/* The file that modprobe would load knows its version. */
static char *version_of(struct kmod_module *module)
{
	struct kmod_list *all = NULL, *item;
	char *version = NULL;

	if (!kmod_module_get_path(module) ||
	    kmod_module_get_info(module, &all) < 0)
		return NULL;
	kmod_list_foreach(item, all) {
		if (!version &&
		    !strcmp(kmod_module_info_get_key(item), "version"))
			version = strdup(kmod_module_info_get_value(item));
	}
	kmod_module_info_free_list(all);
	return version;
}

static char *installed_version(void)
{
	struct kmod_ctx *context = kmod_new(NULL, NULL);
	struct kmod_module *module;
	char *version = NULL;

	if (!context)
		return NULL;
	/* That there are no modules at all is no news. */
	kmod_set_log_priority(context, 0);
	if (!kmod_module_new_from_name(context, "mseal", &module)) {
		version = version_of(module);
		kmod_module_unref(module);
	}
	kmod_unref(context);
	return version;
}

/* Asks twice: how much there is to tell, then for that. */
static bool ask(int fd, struct info *info)
{
	struct mseal_info *device = &info->device;

	device->size = sizeof(*device);
	if (ioctl(fd, MSEAL_IOC_INFO, device))
		return false;
	info->hooks = calloc(device->nr_hooks, sizeof(*info->hooks));
	info->counts = calloc(device->nr_counts, sizeof(*info->counts));
	if (!info->hooks || !info->counts)
		tool_fail(TOOL_FAILED, "no memory");
	device->hooks = (uintptr_t)info->hooks;
	/* A module of an older ABI doesn't know the field. */
	if (device->nr_counts)
		device->counts = (uintptr_t)info->counts;
	return !ioctl(fd, MSEAL_IOC_INFO, device);
}

void info_get(struct info *info)
{
	int fd;

	*info = (struct info){ 0 };
	uname(&info->kernel);
	info->backend = mseal_backend(&info->cause);
	info->loaded = !access(INFO_MODULE, F_OK);
	fd = mseal_open();
	if (fd >= 0) {
		info->told = ask(fd, info);
		close(fd);
	}
	if (info->told)
		info->loaded_version = strdup(info->device.version);
	else if (info->loaded)
		info->loaded_version = info_line(INFO_MODULE "/version");
	info->installed_version = installed_version();
}

void info_free(struct info *info)
{
	free(info->hooks);
	free(info->counts);
	free(info->loaded_version);
	free(info->installed_version);
}
