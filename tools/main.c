// SPDX-License-Identifier: GPL-2.0
/* mseal(1): finds the subcommand, and leaves the rest to it. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tool.h"

static const struct tool_command commands[] = {
	{ "check", "try everything that a seal refuses, on this host",
	  tool_check },
	{ "report", "sum what seals refuse", tool_report },
	{ "run", "run a program that is sealed, or can seal", tool_run },
	{ "show", "a process's mappings beside their seals", tool_show },
	{ "status", "does sealing work here, and if not, why", tool_status },
	{ "watch", "what seals refuse, as it happens", tool_watch },
};

#define NR_COMMANDS (sizeof(commands) / sizeof(*commands))

const char *argp_program_version = "mseal " MSEAL_VERSION;

static void say(const char *format, va_list args)
{
	fflush(stdout);
	fputs("mseal: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void tool_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void tool_fail(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(status);
}

long tool_number(const char *what, const char *text, long least, long most)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		tool_fail(TOOL_USAGE, "%s '%s' is no number from %ld to %ld",
			  what, text, least, most);
	return value;
}

int tool_pidfd(pid_t pid)
{
	return syscall(SYS_pidfd_open, pid, 0);
}

static const struct tool_command *find(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COMMANDS; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	}
	tool_fail(TOOL_USAGE, "no command '%s', see mseal --help", name);
}

/* Which arguments are the subcommand's, and which one that is. */
struct choice {
	const struct tool_command *command;
	int first;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct choice *choice = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		choice->command = find(arg);
		choice->first = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		tool_fail(TOOL_USAGE, "no command given, see mseal --help");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* argp frees what it is given in the place of its own text. */
static char *list(int key, const char *text, void *input)
{
	char *all = NULL;
	size_t size, i;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&all, &size);
	if (!out)
		return NULL;
	fputs("Commands:\n", out);
	for (i = 0; i < NR_COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\nEach has a --help of its own.  See mseal(1).", out);
	return fclose(out) ? NULL : all;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Look at sealed memory, and at what seals it.\v",
	.help_filter = list,
};

/*
 * What is opened later must not take the place of a stream that was closed, or it
 * would be written to.  A program that is executed finds it closed, as before.
 */
static void keep_places(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* An error of any write before is remembered, but not told again. */
static void end_output(void)
{
	bool failed = ferror(stdout);

	if (!fclose(stdout) && !failed)
		return;
	fputs("mseal: can't write the output\n", stderr);
	_exit(TOOL_FAILED);
}

int main(int argc, char **argv)
{
	struct choice choice = { 0 };
	char *name;
	int status;

	keep_places();
	if (atexit(end_output))
		tool_fail(TOOL_FAILED, "no memory");
	argp_err_exit_status = TOOL_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &choice);
	if (asprintf(&name, "mseal %s", choice.command->name) < 0)
		tool_fail(TOOL_FAILED, "no memory");
	argv[choice.first] = name;
	status = choice.command->run(argc - choice.first, argv + choice.first);
	free(name);
	return status;
}
