// SPDX-License-Identifier: GPL-2.0
/*
 * usage: sealer ROUNDS <COMMANDS
 *
 * Maps four pages of the file "object", seals some of them, says where they are, and
 * waits for a line. Then it has ROUNDS unmaps and twice as many changes of protection
 * refused, with the module also as many reported, says so, and waits for the end of
 * its input.
 *
 *   page 0  unsealed
 *   page 1  what mseal() seals
 *   page 2  UPGRADE and FREEZE, with the module
 *   page 3  PROTECT on trial, with the module
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <mseal.h>

#define NEED(condition) need(condition, #condition)

static void need(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "sealer: %s: %s\n", what, strerrorname_np(errno));
	exit(1);
}

static void wait_for_line(void)
{
	int c;

	fflush(stdout);
	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

int main(int argc, char **argv)
{
	size_t page = sysconf(_SC_PAGESIZE);
	int rounds = argc > 1 ? atoi(argv[1]) : 0;
	int module = mseal_backend(NULL) == MSEAL_BACKEND_DEVICE;
	int fd = open("object", O_RDWR | O_CREAT, 0600), i;
	char *at;

	NEED(fd >= 0 && !ftruncate(fd, 4 * page));
	at = mmap(NULL, 4 * page, PROT_READ, MAP_SHARED, fd, 0);
	NEED(at != MAP_FAILED);
	NEED(!mseal(at + page, page, 0));
	if (module) {
		NEED(!mseal_types(at + 2 * page, page,
				  MSEAL_T_UPGRADE | MSEAL_T_FREEZE, 0));
		NEED(!mseal_types(at + 3 * page, page,
				  MSEAL_T_PROTECT | MSEAL_T_REPORT, 0));
	}
	printf("%p\n", (void *)at);
	wait_for_line();
	for (i = 0; i < rounds; i++) {
		NEED(munmap(at + page, page) && errno == EPERM);
		NEED(mprotect(at + page, page, PROT_NONE) && errno == EPERM);
		NEED(mprotect(at + page, page, PROT_NONE) && errno == EPERM);
		NEED(!module || !mprotect(at + 3 * page, page, PROT_READ));
	}
	puts("done");
	wait_for_line();
	return 0;
}
