// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/mseal_dev.h>

#include "footprint.h"
#include "modules.h"
#include "tracefs.h"

/*
 * Caches that stand for others of the same size are listed under one name only;
 * the guest is booted so that none does.
 */
static int count_caches(void)
{
	FILE *slabs = fopen("/proc/slabinfo", "re");
	char line[512];
	int caches = 0;

	ck_assert_ptr_nonnull(slabs);
	while (fgets(line, sizeof(line), slabs))
		caches += !strncmp(line, "mseal_", 6);
	fclose(slabs);
	return caches;
}

/*
 * "name (users) R I ...": R, a full set of registers, may outlast the one who
 * wanted it, and is no concern of others.
 */
#define COLUMN_R	2
#define COLUMN_I	4

static void blank_registers(char *hooks)
{
	while ((hooks = strchr(hooks, ')'))) {
		if (hooks[1] == ' ' && hooks[COLUMN_R] == 'R')
			hooks[COLUMN_R] = ' ';
		hooks++;
	}
}

struct footprint *footprint_take(void)
{
	struct footprint *now = calloc(1, sizeof(*now));
	int err;

	ck_assert_ptr_nonnull(now);
	now->module = module_loaded("mseal");
	now->device = !access(MSEAL_DEVICE, F_OK);
	now->device_class = !access("/sys/class/misc/mseal", F_OK);
	now->caches = count_caches();
	err = tracefs_read("enabled_functions", now->hooks, sizeof(now->hooks));
	ck_assert_msg(!err || tracefs_shut(err), "enabled_functions: %s", strerror(err));
	blank_registers(now->hooks);
	return now;
}

void footprint_expect(const struct footprint *before)
{
	struct footprint *now = footprint_take();

	ck_assert_int_eq(now->module, before->module);
	ck_assert_int_eq(now->device, before->device);
	ck_assert_int_eq(now->device_class, before->device_class);
	ck_assert_int_eq(now->caches, before->caches);
	ck_assert_str_eq(now->hooks, before->hooks);
	free(now);
}

void footprint_expect_same(struct footprint *before)
{
	footprint_expect(before);
	free(before);
}

void footprint_expect_none(void)
{
	footprint_expect_same(calloc(1, sizeof(struct footprint)));
}

static const char *line_of(const struct footprint *footprint, const char *function)
{
	size_t len = strlen(function);
	const char *line = footprint->hooks;

	while (*line) {
		if (!strncmp(line, function, len) && line[len] == ' ')
			return line;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return NULL;
}

bool hooked(const struct footprint *footprint, const char *function)
{
	const char *line = line_of(footprint, function), *flags;

	if (!line)
		return false;
	flags = strchr(line, ')');
	return flags && strlen(flags) > COLUMN_I && flags[COLUMN_I] == 'I';
}

int hooks_count(const struct footprint *footprint)
{
	const char *at;
	int lines = 0;

	for (at = footprint->hooks; (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}
