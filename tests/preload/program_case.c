// SPDX-License-Identifier: GPL-2.0
/* Programs beside this one, with the library preloaded and without. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define NOTHING_SEALS	3

static const struct program {
	const char *name;
	/* An i386 one can't be linked with libmseal.so here. */
	int links_libmseal;
	int i386;
} programs[] = {
	{ "plain", 0, 0 },
	{ "own", 0, 0 },
	{ "linked", 1, 0 },
#ifdef __x86_64__
	{ "i386", 0, 1 },
#endif
};

static const char *preload(int i386)
{
	Dl_info info = { 0 };

	if (i386)
		return getenv("MSEAL_PRELOAD32");
	return dladdr(dlsym(RTLD_DEFAULT, "syscall"), &info) ? info.dli_fname : NULL;
}

static int run(const char *name, const char *library)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 64);
	int status;
	pid_t pid;

	ck_assert_int_gt(len, 0);
	path[len] = '\0';
	strcpy(strrchr(path, '/') + 1, "preload-");
	strncat(path, name, 32);
	pid = fork();
	if (!pid) {
		if (library)
			setenv("LD_PRELOAD", library, 1);
		else
			unsetenv("LD_PRELOAD");
		execl(path, path, NULL);
		perror(path);
		_exit(126);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "%s: status %#x", name, (unsigned int)status);
	return WEXITSTATUS(status);
}

START_TEST(preloaded)
{
	const struct program *p = &programs[_i];
	const char *library = preload(p->i386);

	ck_assert_msg(library != NULL, "MSEAL_PRELOAD32 doesn't say where the library is");
	ck_assert_int_eq(run(p->name, library), sealable() ? 0 : NOTHING_SEALS);
}
END_TEST

START_TEST(not_preloaded)
{
	const struct program *p = &programs[_i];
	int serves = p->links_libmseal ? sealable() : native();

	ck_assert_int_eq(run(p->name, NULL), serves ? 0 : NOTHING_SEALS);
}
END_TEST

TCase *program_case(void)
{
	TCase *tcase = tcase_create("program");
	int nr = sizeof(programs) / sizeof(programs[0]);

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, preloaded, 0, nr);
	tcase_add_loop_test(tcase, not_preloaded, 0, nr);
	return tcase;
}
