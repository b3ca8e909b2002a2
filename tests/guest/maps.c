// SPDX-License-Identifier: GPL-2.0
/* What the kernel says about a page: its mapping, access, file and content. */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "mem.h"
#include "peek.h"

struct line {
	unsigned long start, end;
	struct page_state state;
	char name[128];
};

static bool read_line(FILE *maps, struct line *line)
{
	char text[512];
	unsigned int major, minor;

	if (!fgets(text, sizeof(text), maps))
		return false;
	memset(line, 0, sizeof(*line));
	ck_assert_int_ge(sscanf(text, "%lx-%lx %4s %lx %x:%x %lu %127[^\n]",
				&line->start, &line->end, line->state.perm,
				&line->state.offset, &major, &minor,
				&line->state.inode, line->name), 7);
	line->state.dev = makedev(major, minor);
	line->state.mapped = true;
	return true;
}

const char *mapping_start(const char *at)
{
	unsigned long addr = (unsigned long)at;
	FILE *maps = fopen("/proc/self/maps", "re");
	const char *start = NULL;
	struct line line;

	ck_assert_ptr_nonnull(maps);
	while (!start && read_line(maps, &line))
		if (addr >= line.start && addr < line.end)
			start = (const char *)line.start;
	fclose(maps);
	return start;
}

struct page_state page_state(const char *at)
{
	struct page_state none = { .mapped = false };
	unsigned long addr = (unsigned long)at;
	FILE *maps = fopen("/proc/self/maps", "re");
	struct line line;

	ck_assert_ptr_nonnull(maps);
	while (read_line(maps, &line)) {
		if (addr < line.start || addr >= line.end)
			continue;
		fclose(maps);
		if (line.state.inode)
			line.state.offset += addr - line.start;
		return line.state;
	}
	fclose(maps);
	return none;
}

char *mapping_named(const char *name, size_t *len)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char *found = NULL;
	struct line line;

	ck_assert_ptr_nonnull(maps);
	while (!found && read_line(maps, &line)) {
		if (strcmp(line.name, name))
			continue;
		found = (char *)line.start;
		*len = line.end - line.start;
	}
	fclose(maps);
	return found;
}

bool vmflag_set(const char *at, const char *flag)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	unsigned long start, end, addr = (unsigned long)at;
	bool here = false, set = false;
	char text[512], wanted[8];

	ck_assert_ptr_nonnull(smaps);
	snprintf(wanted, sizeof(wanted), " %s ", flag);
	while (fgets(text, sizeof(text), smaps)) {
		if (sscanf(text, "%lx-%lx ", &start, &end) == 2)
			here = addr >= start && addr < end;
		else if (here && !strncmp(text, "VmFlags:", 8))
			set = strstr(text, wanted) != NULL;
	}
	fclose(smaps);
	return set;
}

bool is_mapped(const char *at)
{
	return page_state(at).mapped;
}

int page_prot(const char *at)
{
	struct page_state state = page_state(at);

	return (state.perm[0] == 'r' ? PROT_READ : 0) |
	       (state.perm[1] == 'w' ? PROT_WRITE : 0) |
	       (state.perm[2] == 'x' ? PROT_EXEC : 0);
}

bool is_sealed(char *at)
{
	if (!mprotect(at, page, page_prot(at)))
		return false;
	ck_assert_int_eq(errno, EPERM);
	return true;
}

/* Also reads what the process itself may not. */
static bool read_page(char *at, const struct page_state *state, char *to)
{
	ssize_t got;
	int fd;

	if (state->perm[0] == 'r') {
		memcpy(to, at, page);
		return true;
	}
	need_peek();
	fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	got = pread(fd, to, page, (off_t)(uintptr_t)at);
	close(fd);
	return got == (ssize_t)page;
}

struct snap *snap_take(char *at, size_t pages)
{
	struct snap *snap = calloc(1, sizeof(*snap) + pages * sizeof(snap->state[0]));
	size_t i;

	ck_assert_ptr_nonnull(snap);
	snap->bytes = calloc(pages, page);
	ck_assert_ptr_nonnull(snap->bytes);
	snap->at = at;
	snap->pages = pages;
	for (i = 0; i < pages; i++) {
		struct page_state *state = &snap->state[i];

		*state = page_state(at + i * page);
		if (state->mapped)
			state->content = read_page(at + i * page, state,
						   snap->bytes + i * page);
	}
	return snap;
}

bool state_same(const struct page_state *a, const struct page_state *b)
{
	return a->mapped == b->mapped && a->content == b->content &&
	       !strcmp(a->perm, b->perm) && a->offset == b->offset &&
	       a->inode == b->inode && a->dev == b->dev;
}

static bool page_same(const struct snap *old, const struct snap *now, size_t i)
{
	return state_same(&old->state[i], &now->state[i]) &&
	       !memcmp(old->bytes + i * page, now->bytes + i * page, page);
}

bool snap_same(const struct snap *old, const struct snap *now)
{
	size_t i;

	for (i = 0; i < old->pages; i++)
		if (!page_same(old, now, i))
			return false;
	return true;
}

void snap_expect_same(const struct snap *old)
{
	struct snap *now = snap_take(old->at, old->pages);
	size_t i;

	for (i = 0; i < old->pages; i++)
		ck_assert_msg(page_same(old, now, i),
			      "page %zu changed: mapped %d->%d, %s->%s, offset %lx->%lx, inode %lu->%lu, first byte %02x->%02x",
			      i, old->state[i].mapped, now->state[i].mapped,
			      old->state[i].perm, now->state[i].perm,
			      old->state[i].offset, now->state[i].offset,
			      old->state[i].inode, now->state[i].inode,
			      old->bytes[i * page] & 0xff, now->bytes[i * page] & 0xff);
	snap_free(now);
}

void snap_free(struct snap *snap)
{
	free(snap->bytes);
	free(snap);
}

long mapping_kb(const char *at, const char *field)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	unsigned long start, end, addr = (unsigned long)at;
	char text[512], name[64];
	bool here = false;
	long kb, found = -1;

	ck_assert_ptr_nonnull(smaps);
	while (fgets(text, sizeof(text), smaps)) {
		if (sscanf(text, "%lx-%lx ", &start, &end) == 2)
			here = addr >= start && addr < end;
		else if (here && sscanf(text, "%63[^:]: %ld", name, &kb) == 2 &&
			 !strcmp(name, field))
			found = kb;
	}
	fclose(smaps);
	return found;
}
