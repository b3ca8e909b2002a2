// SPDX-License-Identifier: GPL-2.0
/*
 * mseal run --auto=enforce: a watcher, which is this process's tracer until the
 * program is about to begin.  It isn't the program's child, so only a program that
 * all orphans are left to ever meets it; if it dies, so does the program.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mseal.h>

#include "breakpoint.h"
#include "run.h"
#include "tool.h"

#define OPTIONS	(PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

/**
 * struct watch - of one program
 * @pid: the program
 * @library: path of what it must have loaded
 * @executed: it has begun
 * @entry: where its first own instruction is
 */
struct watch {
	pid_t pid;
	const char *library;
	bool executed;
	struct breakpoint entry;
};

static void end_program(const struct watch *watch, const char *why)
{
	kill(watch->pid, SIGKILL);
	tool_fail(TOOL_CANT_RUN, "the program was ended: %s", why);
}

/* Where the program begins, out of what the kernel told the loader. */
static unsigned long find_entry(pid_t pid)
{
	Elf64_auxv_t entry;
	unsigned long found = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (!found && fread(&entry, sizeof(entry), 1, file) == 1) {
		if (entry.a_type == AT_ENTRY)
			found = entry.a_un.a_val;
	}
	fclose(file);
	return found;
}

static void executed(struct watch *watch)
{
	if (watch->executed)
		end_program(watch, "it executed another before it began");
	watch->executed = true;
	if (!breakpoint_set(&watch->entry, watch->pid, find_entry(watch->pid)))
		end_program(watch, "its beginning isn't to be found");
}

/* A line of maps: is it the library's code? */
static bool is_code(const char *line, const char *library,
		    unsigned long *start, unsigned long *end)
{
	char rights[5];
	int path = 0;

	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", start, end, rights,
		   &path) < 3 || !path)
		return false;
	return rights[2] == 'x' && !strncmp(line + path, library, strlen(library)) &&
	       !strcmp(line + path + strlen(library), "\n");
}

static bool find_code(pid_t pid, const char *library, unsigned long *start,
		      unsigned long *end)
{
	char path[64], *line = NULL;
	bool found = false;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && getline(&line, &size, file) > 0)
		found = is_code(line, library, start, end);
	free(line);
	fclose(file);
	return found;
}

static bool is_sealed(pid_t pid, unsigned long start, unsigned long end)
{
	uint64_t needed = MSEAL_T_PROTECT | MSEAL_T_UNMAP;
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct mseal_seal seal;
	bool sealed;

	if (fd < 0)
		return false;
	sealed = mseal_query(fd, (void *)start, &seal, 1) == 1 &&
		 (uintptr_t)seal.addr == start && seal.len >= end - start &&
		 (seal.types & needed) == needed;
	close(fd);
	return sealed;
}

/* The library seals itself after everything else. */
static void begins(struct watch *watch)
{
	unsigned long start, end;

	if (!find_code(watch->pid, watch->library, &start, &end))
		end_program(watch, "it hasn't loaded libmseal-auto.so");
	if (!is_sealed(watch->pid, start, end))
		end_program(watch, "its seals aren't confirmed");
	if (!breakpoint_clear(&watch->entry))
		end_program(watch, "it can't be continued");
	ptrace(PTRACE_DETACH, watch->pid, NULL, 0L);
	_exit(TOOL_OK);
}

static void stopped(struct watch *watch, int status)
{
	int event = status >> 16, sig = WSTOPSIG(status);
	int how = PTRACE_CONT;

	if (event == PTRACE_EVENT_EXEC) {
		executed(watch);
		sig = 0;
	} else if (event == PTRACE_EVENT_STOP) {
		if (sig != SIGTRAP)
			how = PTRACE_LISTEN;
		sig = 0;
	} else if (sig == SIGTRAP && watch->executed &&
		   breakpoint_hit(&watch->entry)) {
		begins(watch);
	}
	ptrace(how, watch->pid, NULL, (long)sig);
}

/* Returns when the program has ended by itself. */
static void watch_program(struct watch *watch)
{
	int status;

	for (;;) {
		if (waitpid(watch->pid, &status, __WALL) < 0)
			end_program(watch, strerror(errno));
		if (!WIFSTOPPED(status))
			return;
		stopped(watch, status);
	}
}

/* The keyboard's signals are for the program. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

static void watcher(pid_t program, const char *library, int channel)
{
	struct watch watch = { .pid = program, .library = library };
	pid_t self = getpid();
	char go;
	int err = 0;

	block_signals();
	if (write(channel, &self, sizeof(self)) != sizeof(self) ||
	    read(channel, &go, 1) != 1)
		_exit(TOOL_FAILED);
	if (ptrace(PTRACE_SEIZE, program, NULL, (long)OPTIONS))
		err = errno;
	if (write(channel, &err, sizeof(err)) != sizeof(err) || err)
		_exit(TOOL_FAILED);
	close(channel);
	watch_program(&watch);
	_exit(TOOL_OK);
}

/* By way of a child that ends at once, which leaves the watcher to whom orphans are left. */
static void start_watcher(const char *library, int channel[2])
{
	/* Who ignores this signal couldn't wait for a child. */
	void (*before)(int) = signal(SIGCHLD, SIG_DFL);
	pid_t self = getpid(), child = fork();
	int status;

	if (!child) {
		close(channel[0]);
		child = fork();
		if (!child)
			watcher(self, library, channel[1]);
		_exit(child < 0);
	}
	close(channel[1]);
	if (child < 0 || waitpid(child, &status, 0) < 0 || status)
		tool_fail(TOOL_CANT_RUN, "no process to watch the program");
	signal(SIGCHLD, before);
}

void confirm_before_main(const char *library)
{
	int channel[2], err;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel))
		tool_fail(TOOL_CANT_RUN, "%s", strerror(errno));
	start_watcher(library, channel);
	if (read(channel[0], &pid, sizeof(pid)) != sizeof(pid))
		tool_fail(TOOL_CANT_RUN, "no process to watch the program");
	/* Where Yama limits tracing, a process may name its tracer. */
	prctl(PR_SET_PTRACER, (unsigned long)pid, 0, 0, 0);
	if (write(channel[0], "", 1) != 1 ||
	    read(channel[0], &err, sizeof(err)) != sizeof(err))
		tool_fail(TOOL_CANT_RUN, "no process to watch the program");
	if (err)
		tool_fail(TOOL_CANT_RUN, "the program can't be watched: %s",
			  strerror(err));
}
