// SPDX-License-Identifier: GPL-2.0
/*
 * How memory can be sealed where this runs, in four words: the backend and, if it is
 * none, why; what mseal() of the library says; and system call 462 made directly, by
 * a child, as a filter may kill for it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <mseal.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALL	462

static const char *verdict(char *page, long err)
{
	if (err)
		return strerrorname_np(errno);
	return munmap(page, 4096) && errno == EPERM ? "sealed" : "NOT SEALED";
}

static char *page(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static const char *backend(int by)
{
	return by == MSEAL_BACKEND_NATIVE ? "kernel" :
	       by == MSEAL_BACKEND_DEVICE ? "module" : "none";
}

int main(void)
{
	int why, by = mseal_backend(&why), status;
	char *by_library = page(), *by_call = page();

	if (by_library == MAP_FAILED || by_call == MAP_FAILED)
		return 1;
	printf("%s %s ", backend(by), why ? strerrorname_np(why) : "-");
	printf("%s ", verdict(by_library, mseal(by_library, 4096, 0)));
	fflush(stdout);
	if (!fork()) {
		puts(verdict(by_call, syscall(CALL, by_call, 4096, 0)));
		fflush(stdout);
		_exit(0);
	}
	if (wait(&status) < 0)
		return 1;
	if (WIFSIGNALED(status))
		printf("SIG%s\n", sigabbrev_np(WTERMSIG(status)));
	return 0;
}
