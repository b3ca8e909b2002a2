// SPDX-License-Identifier: GPL-2.0
/* Objects that ask to be sealed, or not to be. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outcome.h"
#include "suites.h"

#define MUTABLE	"/tmp/mutable"

static void prepare(void)
{
	tries_forget();
	setenv("LD_PRELOAD", PROGRAMS "libtries.so", 1);
}

static void expect_hello(const char *policy, const char *program)
{
	struct outcome outcome = run("mseal", "run", policy, program, NULL);

	ck_assert_str_eq(outcome.err, "");
	ck_assert_int_eq(lines(outcome.out), 1);
	ck_assert_int_eq(outcome.status, 7);
}

/* This library needs no mark: mseal(1) has to see that it was there. */
CASE_FN(marked)
{
	expect_hello("--auto=enforce,marked", PROGRAMS "hello-marked");
	ck_assert_int_eq(tries("refused", "hello-marked"), 2);
	ck_assert_int_eq(tries("refused", "program"), 2);
	ck_assert_int_eq(tries("refused", "libmseal-auto.so"), 4);
	ck_assert_int_eq(tries("refused", ""), 8);
	ck_assert_int_eq(tries("passed", "libc.so.6"), 4);
}

CASE_FN(nothing_marked)
{
	expect_hello("--auto=enforce,marked", PROGRAMS "hello");
	ck_assert_int_eq(tries("refused", "libmseal-auto.so"), 4);
	ck_assert_int_eq(tries("refused", ""), 4);
	ck_assert_int_eq(tries("passed", "hello"), 2);
}

/* The linker can't write the mark yet: a segment that nobody reads becomes one. */
static void mark_code(const char *path, uint32_t type)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	Elf64_Phdr *segment, *code = NULL, *mark = NULL;
	Elf64_Ehdr *header;
	struct stat st;
	int i;

	ck_assert(fd >= 0 && !fstat(fd, &st));
	header = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ck_assert_ptr_ne(header, MAP_FAILED);
	segment = (void *)((char *)header + header->e_phoff);
	for (i = 0; i < header->e_phnum; i++) {
		if (segment[i].p_type == PT_LOAD && segment[i].p_flags & PF_X)
			code = &segment[i];
		if (segment[i].p_type == PT_GNU_EH_FRAME)
			mark = &segment[i];
	}
	ck_assert(code && mark);
	*mark = *code;
	mark->p_type = type;
	ck_assert(!munmap(header, (size_t)st.st_size));
	close(fd);
}

static const struct {
	const char *name;
	uint32_t type;
	int passed;
} marks[] = {
	{ "openbsd", 0x65a3dbe5, 2 },
	/* The first of those that ask for a kind of memory. */
	{ "mbind", 0x6474e555, 0 },
	{ "other", 0x6474ffff, 0 },
};

CASE_FN(mutable)
{
	copy_file(PROGRAMS "hello", MUTABLE, 0755);
	mark_code(MUTABLE, marks[row].type);
	expect_hello("--auto=enforce", MUTABLE);
	ck_assert_int_eq(tries("passed", MUTABLE), marks[row].passed);
	ck_assert_int_eq(tries("passed", ""), marks[row].passed);
	ck_assert_int_eq(tries("refused", "program"), 2);
}

static const struct test tests[] = {
	TEST(marked),
	TEST(nothing_marked),
	TABLE(mutable, marks),
};

const struct suite object_suite = {
	"object", prepare, tests, sizeof(tests) / sizeof(*tests),
};
