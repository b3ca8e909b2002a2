// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracefs.h"

#define TRACEFS	"/sys/kernel/tracing/"

int tracefs_read(const char *file, char *text, size_t size)
{
	char path[128];
	size_t len = 0;
	ssize_t got;
	int fd, err;

	snprintf(path, sizeof(path), TRACEFS "%s", file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	while ((got = read(fd, text + len, size - 1 - len)) > 0)
		len += got;
	err = got < 0 ? errno : 0;
	close(fd);
	text[len] = '\0';
	return err;
}

/* Some files take one word at a time. */
static int put(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags), err = 0;
	ssize_t written;

	if (fd < 0)
		return errno;
	for (; *text && !err; text += written) {
		written = write(fd, text, strlen(text));
		if (written < 0) {
			err = errno;
			written = 0;
		}
	}
	close(fd);
	return err;
}

int file_write(const char *path, const char *text)
{
	return put(path, text, O_TRUNC);
}

int tracefs_write(const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TRACEFS "%s", file);
	return file_write(path, text);
}

int tracefs_append(const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TRACEFS "%s", file);
	return put(path, text, O_APPEND);
}

bool tracefs_shut(int err)
{
	return err == EPERM || err == ENOENT;
}

void tracefs_reset(void)
{
	int err;

	ck_assert_int_eq(tracefs_write("current_tracer", "nop"), 0);
	ck_assert_int_eq(tracefs_write("set_ftrace_filter", "\n"), 0);
	err = tracefs_write("events/kprobes/enable", "0");
	ck_assert_msg(!err || err == ENOENT, "kprobe events: %s", strerror(err));
	ck_assert_int_eq(tracefs_write("kprobe_events", "\n"), 0);
	ck_assert_int_eq(tracefs_write("trace", "\n"), 0);
}
