// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>

#include "proc.h"
#include "slabs.h"
#include "tracefs.h"

#define CACHES	"/sys/kernel/slab/"

long slab_objects(const char *cache)
{
	char path[96];
	long objects;

	snprintf(path, sizeof(path), CACHES "%s/shrink", cache);
	ck_assert_int_eq(file_write(path, "1"), 0);
	snprintf(path, sizeof(path), CACHES "%s/objects", cache);
	objects = file_number(path);
	ck_assert_int_ge(objects, 0);
	return objects;
}
