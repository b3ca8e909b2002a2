// SPDX-License-Identifier: GPL-2.0
/*
 * mseal run --auto=enforce: will this program load the library?  The loader says
 * nothing if it doesn't, so whatever is in doubt is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "run.h"
#include "tool.h"

/* The kernel goes no further. */
#define SCRIPTS		5
/* What the kernel reads of a script. */
#define LINE		256

/**
 * struct facts - of an ELF file
 * @is_elf: it is one
 * @class: 32 or 64 bit
 * @machine: EM_*
 * @loader: PT_INTERP, or empty
 */
struct facts {
	bool is_elf;
	int class;
	int machine;
	char loader[4096];
};

static void read_loader(Elf *elf, int fd, struct facts *facts)
{
	size_t nr, i;

	if (elf_getphdrnum(elf, &nr))
		return;
	for (i = 0; i < nr; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(elf, (int)i, &segment) ||
		    segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz >= sizeof(facts->loader) ||
		    pread(fd, facts->loader, segment.p_filesz,
			  (off_t)segment.p_offset) != (ssize_t)segment.p_filesz)
			*facts->loader = '\0';
		return;
	}
}

static struct facts read_facts(int fd)
{
	struct facts facts = { 0 };
	GElf_Ehdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header)) {
		facts.is_elf = true;
		facts.class = header.e_ident[EI_CLASS];
		facts.machine = header.e_machine;
		read_loader(elf, fd, &facts);
	}
	elf_end(elf);
	return facts;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: %s", path,
			  strerror(errno));
	return fd;
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, other;

	return !stat(a, &one) && !stat(b, &other) &&
	       one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* A program that runs with others' rights ignores what it is told to load. */
static void refuse_rights(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: %s", path,
			  strerror(errno));
	if (st.st_mode & (S_ISUID | S_ISGID))
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: it is setuid or "
			  "setgid", path);
	if (fgetxattr(fd, "security.capability", NULL, 0) >= 0 ||
	    (errno != ENODATA && errno != ENOTSUP && errno != EOPNOTSUPP))
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: it has file "
			  "capabilities", path);
}

/* The loader that this command has itself is the one that is known to do it. */
static void compare(const char *path, const struct facts *target,
		    const char *library, const struct facts *expected)
{
	struct facts own;
	int fd;

	if (!target->is_elf)
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: it is no ELF "
			  "program", path);
	if (!*target->loader)
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: it is static",
			  path);
	if (target->class != expected->class ||
	    target->machine != expected->machine)
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: %s is for another "
			  "machine", path, library);
	fd = open_file("/proc/self/exe");
	own = read_facts(fd);
	close(fd);
	if (!same_file(target->loader, own.loader))
		tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: its loader is %s, "
			  "not %s", path, target->loader, own.loader);
}

/* The interpreter of a script, in line; NULL if it is none. */
static const char *interpreter(int fd, char *line)
{
	ssize_t len = pread(fd, line, LINE - 1, 0);
	char *at = line + 2;

	if (len < 2 || line[0] != '#' || line[1] != '!')
		return NULL;
	line[len] = '\0';
	at += strspn(at, " \t");
	at[strcspn(at, " \t\n")] = '\0';
	return at;
}

static struct facts library_facts(const char *library)
{
	int fd = open_file(library);
	struct facts facts = read_facts(fd);

	close(fd);
	if (!facts.is_elf)
		tool_fail(TOOL_CANT_RUN, "%s: it is no library", library);
	return facts;
}

void target_prove(const char *program, const char *library)
{
	struct facts expected = library_facts(library);
	char line[2][LINE];
	const char *path = program, *next;
	int depth;

	for (depth = 0; depth <= SCRIPTS; depth++) {
		int fd = open_file(path);
		struct facts target;

		next = interpreter(fd, line[depth & 1]);
		if (!next) {
			refuse_rights(path, fd);
			target = read_facts(fd);
			close(fd);
			compare(path, &target, library, &expected);
			return;
		}
		close(fd);
		path = next;
	}
	tool_fail(TOOL_CANT_RUN, "%s: can't be sealed: scripts of scripts",
		  program);
}
