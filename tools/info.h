/* SPDX-License-Identifier: GPL-2.0 */
/* What the module tells of itself, and the system of the module. */
#ifndef MSEAL_TOOL_INFO_H
#define MSEAL_TOOL_INFO_H

#include <stdbool.h>
#include <sys/utsname.h>

#include <linux/mseal_dev.h>

#define INFO_MODULE	"/sys/module/mseal"

struct info {
	struct utsname kernel;
	int backend;			/* MSEAL_BACKEND_* */
	int cause;			/* errno, of MSEAL_BACKEND_NONE */
	bool loaded;
	bool told;			/* the module answered: device is valid */
	struct mseal_info device;
	struct mseal_hook *hooks;	/* device.nr_hooks of them */
	struct mseal_count *counts;	/* device.nr_counts of them */
	char *loaded_version;		/* NULL if not known */
	char *installed_version;	/* for this kernel; NULL if there is none */
};

void info_get(struct info *info);
void info_free(struct info *info);

/* The first line of a file, to be freed; NULL if it can't be read. */
char *info_line(const char *path);

/* Why sealing doesn't work, and what helps; to be freed. */
char *info_why(const struct info *info);

#endif /* MSEAL_TOOL_INFO_H */
