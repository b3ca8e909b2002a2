// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "peek.h"

/* Opened each time: after a fork() it is another memory. */
static int memory(int flags)
{
	int fd = open("/proc/self/mem", flags | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

int peek(const char *at)
{
	int fd = memory(O_RDONLY);
	unsigned char byte;
	ssize_t got = pread(fd, &byte, 1, (off_t)(uintptr_t)at);

	close(fd);
	return got == 1 ? byte : -1;
}

bool poke(char *at, char byte)
{
	int fd = memory(O_RDWR);
	ssize_t put = pwrite(fd, &byte, 1, (off_t)(uintptr_t)at);

	close(fd);
	return put == 1;
}
