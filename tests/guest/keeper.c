// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "device.h"
#include "keeper.h"
#include "mem.h"
#include "sealer.h"

static unsigned int spaces;

/* The seal goes with its memory; that there was one stays known. */
static bool seal_and_forget(void)
{
	struct mseal_range range = device_range();
	bool done;

	range.types = MSEAL_T_PROTECT;
	sealer_open();
	done = mmap(arena, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		    -1, 0) == arena &&
	       !ioctl(sealer_fd(), MSEAL_IOC_SEAL, &range) && !munmap(arena, page);
	sealer_close();
	return done;
}

static void keep(int ready)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || !seal_and_forget() || write(ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	close(ready);
	for (;;)
		pause();
}

void keeper_start(void)
{
	int ready[2] = { -1, -1 };
	char byte;
	pid_t pid = -1;

	if (!pipe(ready))
		pid = fork();
	if (!pid)
		keep(ready[1]);
	close(ready[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1) {
		fputs("mseal-test: no process keeps the module's checks patched in\n", stderr);
		exit(2);
	}
	close(ready[0]);
	spaces = 1;
}

unsigned int keeper_spaces(void)
{
	return spaces;
}
