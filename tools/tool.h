/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the subcommands of mseal(1) share. Each has a file of its own, and a line in
 * main.c's table.
 */
#ifndef MSEAL_TOOL_H
#define MSEAL_TOOL_H

#include <sys/types.h>

/* What mseal(1) promises; a subcommand that runs a program ends as that one did. */
enum {
	TOOL_OK = 0,
	TOOL_FAILED = 1,	/* the answer is no, or couldn't be had */
	TOOL_USAGE = 2,		/* the arguments make no sense */
	TOOL_REBOOT = 3,	/* status: another version is installed than loaded */
	TOOL_NO_TRACE = 4,	/* watch, report: the kernel seals without a trace */
	TOOL_NO_SEALS = 5,	/* check: memory can't be sealed here; watch, report:
				 * the module isn't loaded
				 */
	TOOL_CANT_RUN = 126,	/* run: the program can't be executed as it must be */
	TOOL_NO_PROGRAM = 127,	/* run: there is none */
};

/*
 * @run gets what follows "mseal" on the command line, with argv[0] "mseal NAME", so
 * that argp speaks of itself by that name. It returns the exit status.
 */
struct tool_command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

int tool_check(int argc, char **argv);
int tool_report(int argc, char **argv);
int tool_show(int argc, char **argv);
int tool_status(int argc, char **argv);
int tool_watch(int argc, char **argv);
int tool_run(int argc, char **argv);

/* One line on stderr, "mseal: ...". */
void tool_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and the end. */
void tool_fail(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* A number from the command line; what it is for begins the complaint. */
long tool_number(const char *what, const char *text, long least, long most);

/* Returns a descriptor or -1; older C libraries lack the function. */
int tool_pidfd(pid_t pid);

#endif /* MSEAL_TOOL_H */
