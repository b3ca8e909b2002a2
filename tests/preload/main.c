// SPDX-License-Identifier: GPL-2.0
/*
 * libmseal-preload.so from a program's side: linked with nothing of libmseal, and
 * run with LD_PRELOAD.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "test.h"

size_t page;

static long by_number(void *addr, size_t len, unsigned long flags)
{
	return syscall(NR_MSEAL, addr, len, flags);
}

static long by_name(void *addr, size_t len, unsigned long flags)
{
	return mseal(addr, len, flags);
}

const struct way ways[2] = { { "syscall", by_number }, { "mseal", by_name } };

syscall_function *libc_syscall(void)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	union {
		void *object;
		syscall_function *function;
	} symbol;

	symbol.object = libc ? dlsym(libc, "syscall") : NULL;
	if (!symbol.object)
		abort();
	return symbol.function;
}

bool native(void)
{
	struct utsname name;
	unsigned int major, minor;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		abort();
	return major * 1000 + minor >= 6010 && !libc_syscall()(NR_MSEAL, 0L, 0L, 0L);
}

bool sealable(void)
{
	return native() || !access("/dev/mseal", F_OK);
}

char *map(size_t pages)
{
	char *at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(at, MAP_FAILED);
	at[0] = 42;
	return at;
}

void expect_sealed(char *at)
{
	ck_assert_int_eq(mprotect(at, page, PROT_READ), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(munmap(at, page), -1);
	ck_assert_int_eq(errno, EPERM);
	ck_assert_int_eq(at[0], 42);
	at[0] = 42;
}

void expect_free(char *at)
{
	ck_assert_int_eq(mprotect(at, page, PROT_READ), 0);
	ck_assert_int_eq(munmap(at, page), 0);
}

/* Else everything below would test the C library. */
static void expect_preloaded(const char *name)
{
	void *function = dlsym(RTLD_DEFAULT, name);
	Dl_info info = { 0 };

	if (function && dladdr(function, &info) &&
	    strstr(info.dli_fname, "libmseal-preload.so"))
		return;
	fprintf(stderr, "%s() is that of %s, not of libmseal-preload.so in LD_PRELOAD\n",
		name, function ? info.dli_fname : "nobody");
	exit(EXIT_FAILURE);
}

/* MSEAL_SEALER says who has to be there, or the cases would be content with nobody. */
static void expect_sealer(const char *sealer)
{
	const char *wanted = getenv("MSEAL_SEALER");

	printf("seals here: %s\n", sealer);
	if (!wanted || !strcmp(wanted, sealer))
		return;
	fprintf(stderr, "%s ought to seal here\n", wanted);
	exit(EXIT_FAILURE);
}

int main(void)
{
	SRunner *runner;
	Suite *suite = suite_create("libmseal-preload");
	TCase *cases[] = { serve_case(), split_case(), pass_case(), cancel_case(),
			   program_case() };
	int failed;

	page = (size_t)sysconf(_SC_PAGESIZE);
	expect_preloaded("mseal");
	expect_preloaded("syscall");
	expect_sealer(native() ? "kernel" : sealable() ? "module" : "nobody");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		suite_add_tcase(suite, cases[i]);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner) || !srunner_ntests_run(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
