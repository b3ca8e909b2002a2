// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "outcome.h"

#define ARGUMENTS	16

static void read_back(int fd, char *text)
{
	ssize_t len = pread(fd, text, SAID - 1, 0);

	ck_assert_int_ge(len, 0);
	text[len] = '\0';
	close(fd);
}

static void execute(void (*prepare)(void), char **argv, int out, int err)
{
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(99);
	/* Nothing else of the test's is the program's. */
	syscall(SYS_close_range, 3, ~0U, 0);
	if (prepare)
		prepare();
	execvp(argv[0], argv);
	_exit(98);
}

static struct outcome run_list(void (*prepare)(void), char **argv)
{
	struct outcome outcome = { 0 };
	int out = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	int err = open("/tmp", O_TMPFILE | O_RDWR, 0600);
	int status;

	ck_assert(out >= 0 && err >= 0);
	outcome.pid = fork();
	ck_assert_int_ge(outcome.pid, 0);
	if (!outcome.pid)
		execute(prepare, argv, out, err);
	ck_assert_int_eq(waitpid(outcome.pid, &status, 0), outcome.pid);
	outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					       WEXITSTATUS(status);
	read_back(out, outcome.out);
	read_back(err, outcome.err);
	return outcome;
}

static void gather(char **argv, const char *program, va_list more)
{
	const char *argument = program;
	int nr = 0;

	ck_assert_ptr_nonnull(program);
	for (; argument; argument = va_arg(more, const char *)) {
		ck_assert_int_lt(nr, ARGUMENTS);
		argv[nr++] = (char *)argument;
	}
	argv[nr] = NULL;
}

struct outcome run(const char *program, ...)
{
	char *argv[ARGUMENTS + 1];
	va_list more;

	va_start(more, program);
	gather(argv, program, more);
	va_end(more);
	return run_list(NULL, argv);
}

struct outcome run_after(void (*prepare)(void), const char *program, ...)
{
	char *argv[ARGUMENTS + 1];
	va_list more;

	va_start(more, program);
	gather(argv, program, more);
	va_end(more);
	return run_list(prepare, argv);
}

int tries(const char *what, const char *path)
{
	FILE *file = fopen(TRIES, "re");
	char line[512];
	int nr = 0;

	ck_assert_msg(file, "nothing was tried");
	while (fgets(line, sizeof(line), file))
		nr += !strncmp(line, what, strlen(what)) && strstr(line, path);
	fclose(file);
	return nr;
}

void tries_forget(void)
{
	unlink(TRIES);
	setenv("TRIES", TRIES, 1);
}

/* At the least the program, the loader, libc and two preloaded, code and RELRO. */
#define LEAST	20

void expect_all_refused(void)
{
	ck_assert_int_ge(tries("", ""), LEAST);
	ck_assert_int_eq(tries("refused", ""), tries("", ""));
}

void expect_none_refused(void)
{
	ck_assert_int_ge(tries("", ""), LEAST - 4);
	ck_assert_int_eq(tries("passed", ""), tries("", ""));
}

void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "we");

	ck_assert_msg(file, "%s: %s", path, strerror(errno));
	fputs(text, file);
	ck_assert(!fclose(file));
	ck_assert(!chmod(path, mode));
}

void copy_file(const char *from, const char *to, mode_t mode)
{
	FILE *in = fopen(from, "re"), *out;
	char part[65536];
	size_t len;

	unlink(to);
	out = fopen(to, "we");
	ck_assert_msg(in && out, "%s to %s: %s", from, to, strerror(errno));
	while ((len = fread(part, 1, sizeof(part), in)))
		ck_assert_uint_eq(fwrite(part, 1, len, out), len);
	fclose(in);
	ck_assert(!fclose(out));
	ck_assert(!chmod(to, mode));
}

int lines(const char *text)
{
	int nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}
