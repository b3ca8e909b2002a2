// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "mem.h"
#include "proc.h"
#include "report.h"
#include "swap.h"

#define SIZE		(64L << 20)
static const char signature[10] = "SWAPSPACE2";

static const char *device;

static void control_path(char *to, size_t size, const char *file)
{
	snprintf(to, size, "/sys/block/%s/%s", strrchr(device, '/') + 1, file);
}

/* What mkswap would write: version, last page, number of bad pages. */
static void make_swap(void)
{
	uint32_t header[3] = { 1, SIZE / page - 1, 0 };
	char *first = calloc(1, page);
	int fd = open(device, O_WRONLY | O_CLOEXEC);

	ck_assert(first && fd >= 0);
	memcpy(first + 1024, header, sizeof(header));
	memcpy(first + page - sizeof(signature), signature, sizeof(signature));
	ck_assert_int_eq(write(fd, first, page), page);
	close(fd);
	free(first);
}

void swap_begin(void)
{
	char path[128];

	device = getenv("MSEAL_TEST_ZRAM");
	if (!device || !strchr(device, '/'))
		skip("no zram device: name a free one in MSEAL_TEST_ZRAM");
	need_root();
	control_path(path, sizeof(path), "disksize");
	ck_assert_msg(file_number(path) == 0, "%s is in use", device);
	ck_assert_msg(file_set_number(path, SIZE), "%s: %s", path, strerror(errno));
	make_swap();
	ck_assert_msg(!swapon(device, 0), "swapon: %s", strerror(errno));
}

void swap_end(void)
{
	char path[128];

	ck_assert_msg(!swapoff(device), "swapoff: %s", strerror(errno));
	control_path(path, sizeof(path), "reset");
	ck_assert(file_set_number(path, 1));
}
