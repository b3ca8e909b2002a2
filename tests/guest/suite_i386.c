// SPDX-License-Identifier: GPL-2.0
/* What a 32-bit program meets: compat32 does it and tells. */
#define _GNU_SOURCE
#ifdef __x86_64__
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cases.h"
#include "i386.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

#define NOT_FOR_THIS_MACHINE	77
#define NO_EXEC			78

static int program(void)
{
	size_t len = compat32_end - compat32;
	int fd = memfd_create("compat32", 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, compat32, len), len);
	return fd;
}

static const char *sealer_word(void)
{
	switch (sealer_kind()) {
	case SEALER_NATIVE:
	case SEALER_CALL:
		return "native";
	case SEALER_DEVICE:
		return "device";
	default:
		return "sham";
	}
}

static pid_t execute(int fd, const char *name, int out)
{
	char *argv[] = { "compat32", (char *)sealer_word(), (char *)name, NULL };
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	dup2(out, STDOUT_FILENO);
	fexecve(fd, argv, environ);
	_exit(NO_EXEC);
}

void i386_run(const char *name)
{
	int status, out[2];
	char said[2048];
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	ck_assert_int_eq(pipe(out), 0);
	pid = execute(program(), name, out[1]);
	close(out[1]);
	while ((got = read(out[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += got;
	said[n] = '\0';
	status = wait_status(pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_EXEC)
		skip("this kernel runs no 32-bit programs");
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOR_THIS_MACHINE)
		skip("compat32 lacks what it needs");
	ck_assert_msg(!status, "compat32 %s ended with wait status %#x: %s", name,
		      status, said);
}

static const struct i386_row {
	const char *name;
} rows[] = {
	{ "munmap" }, { "mmap" }, { "mprotect" }, { "pkey_mprotect" }, { "shmat" },
	{ "remap_file_pages" }, { "arguments" }, { "mremap" }, { "mremap_onto" },
	{ "madvise" }, { "process_madvise" }, { "brk" }, { "shmdt" }, { "io_destroy" },
};

static void program_case(int row)
{
	i386_run(rows[row].name);
}

static const struct test_case cases[] = {
	ROWS(program_case, rows),
};

SUITE(i386, cases, ENTRY_USUAL);
#endif /* __x86_64__ */
