// SPDX-License-Identifier: GPL-2.0
/* Arrangements of mappings, described by strings; mem.h has the letters. */
#define _GNU_SOURCE
#include <check.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"
#include "sealer.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE	0x100000
#endif

size_t page;
char *arena = HIGH_ARENA;

static const struct kind {
	char letter;
	int prot;
	int flags;
	int file;	/* how the file is opened, or -1 */
} kinds[] = {
	{ 'w', PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1 },
	{ 'r', PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1 },
	{ 'n', PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1 },
	{ 'e', PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1 },
	{ 'd', PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1 },
	{ 's', PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1 },
	{ 'q', PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1 },
	{ 'f', PROT_READ, MAP_PRIVATE, O_RDONLY },
	{ 'p', PROT_READ | PROT_WRITE, MAP_PRIVATE, O_RDONLY },
	{ 'g', PROT_READ | PROT_WRITE, MAP_SHARED, O_RDWR },
	{ 'h', PROT_READ, MAP_SHARED, O_RDONLY },
};

static const struct kind *kind_of(char letter)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].letter == tolower((unsigned char)letter))
			return &kinds[i];
	ck_abort_msg("no page kind '%c'", letter);
}

void mem_init(void)
{
	page = sysconf(_SC_PAGESIZE);
}

static void fill(char *at, size_t pages, int seed)
{
	size_t i;

	for (i = 0; i < pages; i++)
		memset(at + i * page, seed + (int)i, page);
}

int pattern_file(size_t pages, int open_flags)
{
	const char *dir = getenv("TMPDIR");
	char path[256];
	char *bytes;
	int fd, again;

	snprintf(path, sizeof(path), "%s/mseal-test.XXXXXX", dir ? dir : "/tmp");
	fd = mkstemp(path);
	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	bytes = malloc(pages * page);
	ck_assert_ptr_nonnull(bytes);
	fill(bytes, pages, 0xa1);
	ck_assert_int_eq(write(fd, bytes, pages * page), pages * page);
	free(bytes);
	again = open(path, open_flags | O_CLOEXEC);
	ck_assert_int_ge(again, 0);
	unlink(path);
	close(fd);
	return again;
}

static void map_run(char *at, size_t pages, const struct kind *kind)
{
	bool anon = kind->flags & MAP_ANONYMOUS;
	int fd = anon ? -1 : pattern_file(pages, kind->file);
	int first = anon ? PROT_READ | PROT_WRITE : kind->prot;
	char *got;

	got = mmap(at, pages * page, first, kind->flags | MAP_FIXED_NOREPLACE, fd, 0);
	ck_assert_msg(got == at, "mmap of '%c' at %p: %p, %s", kind->letter, at,
		      got, strerror(errno));
	if (anon) {
		fill(at, pages, 0x11);
		ck_assert_int_eq(mprotect(at, pages * page, kind->prot), 0);
	} else {
		close(fd);
	}
}

static size_t run_length(const char *spec)
{
	size_t n = 1;

	while (spec[n] && tolower((unsigned char)spec[n]) ==
	       tolower((unsigned char)spec[0]))
		n++;
	return n;
}

void layout_map(char *at, const char *spec)
{
	size_t n;

	for (; *spec; spec += n, at += n * page) {
		n = run_length(spec);
		if (*spec != '.')
			map_run(at, n, kind_of(*spec));
	}
}

void layout_seal(char *at, const char *spec)
{
	size_t i, n;

	for (i = 0; spec[i]; i += n ? n : 1) {
		for (n = 0; isupper((unsigned char)spec[i + n]); n++)
			;
		if (n)
			ck_assert_msg(!seal(at + i * page, n * page),
				      "seal of \"%s\" from page %zu: %s", spec, i,
				      strerror(errno));
	}
}

void layout_expect(char *at, const char *spec)
{
	size_t i;

	for (i = 0; spec[i]; i++) {
		struct page_state state = page_state(at + i * page);

		ck_assert_msg(state.mapped == (spec[i] != '.'),
			      "page %zu of \"%s\" is %smapped", i, spec,
			      state.mapped ? "" : "not ");
		if (!state.mapped)
			continue;
		ck_assert_msg(page_prot(at + i * page) == kind_of(spec[i])->prot,
			      "page %zu of \"%s\" is %s", i, spec, state.perm);
	}
}

void layout_expect_sealed(char *at, const char *spec)
{
	size_t i;

	for (i = 0; spec[i]; i++)
		if (spec[i] != '.')
			ck_assert_msg(is_sealed(at + i * page) ==
				      !!isupper((unsigned char)spec[i]),
				      "page %zu of \"%s\" is %ssealed", i, spec,
				      isupper((unsigned char)spec[i]) ? "not " : "");
}
