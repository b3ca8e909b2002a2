// SPDX-License-Identifier: GPL-2.0
/* What processes go through, rather than their memory. */
#define _GNU_SOURCE
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

static void reap(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		give_up("child");
}

static uint64_t fork_and_exit(void)
{
	uint64_t cost = clock_begin();
	pid_t pid = syscall(SYS_fork);

	if (!pid)
		syscall(SYS_exit_group, 0);
	reap(pid);
	return clock_end(cost);
}

/* In a child that borrows the memory, so that no copy of it is measured, too. */
static uint64_t exec(void)
{
	uint64_t cost = clock_begin();
	pid_t pid = vfork();

	if (!pid) {
		execl("/proc/self/exe", "mseal-bench", "nothing", NULL);
		_exit(1);
	}
	reap(pid);
	return clock_end(cost);
}

static void filter_all(void)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = 1, .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program))
		give_up("seccomp");
}

/* In a child, since filters stay: the least of many. */
static uint64_t filtered(void)
{
	uint64_t *least = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t cost;
	pid_t pid;
	int i;

	if (least == MAP_FAILED)
		give_up("mmap");
	*least = UINT64_MAX;
	pid = fork();
	if (!pid) {
		filter_all();
		for (i = 0; i < CALLS; i++) {
			cost = clock_call(0, SYS_getuid, 0L, 0L, 0L, 0L, 0L, 0L);
			if (cost < *least)
				*least = cost;
		}
		_exit(0);
	}
	reap(pid);
	cost = *least;
	munmap(least, PAGE);
	return cost;
}

const struct op process_ops[] = {
	{ "fork exit", fork_and_exit, FORKS, ALWAYS },
	{ "vfork execve exit", exec, FORKS, ALWAYS },
	{ "filtered call", filtered, 1, UNSEALED },
	{ 0 }
};
