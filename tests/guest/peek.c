// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"
#include "peek.h"
#include "report.h"

/* Opened each time: after a fork() it is another memory. */
static int memory(int flags)
{
	int fd = open("/proc/self/mem", flags | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

void need_peek(void)
{
	char *at = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int byte;

	ck_assert_ptr_ne(at, MAP_FAILED);
	byte = peek(at);
	ck_assert_int_eq(munmap(at, page), 0);
	if (byte < 0)
		skip("/proc/self/mem obeys protections (proc_mem.force_override)");
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
