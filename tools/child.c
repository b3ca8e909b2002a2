// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "tool.h"

static int gate = -1;

/* If the parent ends first, there is nothing to see, so nothing is started. */
static void become(int wait_for, char **argv)
{
	char go;
	int err;

	if (read(wait_for, &go, 1) != 1)
		_exit(TOOL_FAILED);
	execvp(argv[0], argv);
	err = errno;
	tool_say("%s: %s", argv[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

pid_t child_prepare(char **argv)
{
	/* Who ignores this signal couldn't wait for a child. */
	void (*before)(int) = signal(SIGCHLD, SIG_DFL);
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		tool_fail(TOOL_FAILED, "pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		tool_fail(TOOL_FAILED, "fork: %s", strerror(errno));
	if (!child) {
		signal(SIGCHLD, before);
		close(ends[1]);
		become(ends[0], argv);
	}
	close(ends[0]);
	gate = ends[1];
	return child;
}

void child_let_go(void)
{
	if (write(gate, "", 1) != 1)
		tool_fail(TOOL_FAILED, "pipe: %s", strerror(errno));
	close(gate);
}

bool child_ended(pid_t child, int *status)
{
	int how;

	if (waitpid(child, &how, WNOHANG) != child)
		return false;
	*status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	return true;
}
