// SPDX-License-Identifier: GPL-2.0
/*
 * Is the address space what the model says?  Asked so often that an assertion of
 * Check's, which costs several system calls, comes only with bad news.
 */
#define _GNU_SOURCE
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mem.h"
#include "random_look.h"
#include "sealer.h"
#include "target.h"

#define MAX_TEXT	(256 << 10)

static char *at_page(const struct place *place, unsigned int nr)
{
	return place->base + nr * page;
}

/* All of it at once: line by line it is most of what the suite does. */
static void read_maps(char text[MAX_TEXT])
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		ck_abort_msg("/proc/self/maps: %s", strerror(errno));
	while ((got = read(fd, text + len, MAX_TEXT - 1 - len)) > 0)
		len += got;
	if (got < 0 || len == MAX_TEXT - 1)
		ck_abort_msg("/proc/self/maps: %zu bytes read", len);
	text[len] = '\0';
	close(fd);
}

static int prot_of(const char *perm)
{
	return (perm[0] == 'r' ? PROT_READ : 0) |
	       (perm[1] == 'w' ? PROT_WRITE : 0) |
	       (perm[2] == 'x' ? PROT_EXEC : 0);
}

void look_prots(int prots[MODEL_PAGES], char *base)
{
	static _Thread_local char maps[MAX_TEXT];
	const char *text = maps;

	read_maps(maps);
	memset(prots, -1, MODEL_PAGES * sizeof(prots[0]));
	while (*text) {
		char *behind;
		char *start = (char *)strtoul(text, &behind, 16);
		char *end = (char *)strtoul(behind + 1, &behind, 16);
		int prot = prot_of(behind + 1);

		if (start < base)
			start = base;
		if (end > base + MODEL_PAGES * page)
			end = base + MODEL_PAGES * page;
		for (; start < end; start += page)
			prots[(start - base) / page] = prot;
		text = strchrnul(behind, '\n');
		text += *text == '\n';
	}
}

void look_mappings(const struct model *model, const struct place *place)
{
	int prots[MODEL_PAGES];
	unsigned int i;

	look_prots(prots, place->base);
	for (i = 0; i < MODEL_PAGES; i++) {
		int want = model->pages[i].mapped ? model->pages[i].prot : -1;

		if (prots[i] != want)
			ck_abort_msg(PLACE_FORMAT "page %u has protection %d, not %d (-1: not mapped)",
				     PLACE_WORDS(place), i, prots[i], want);
	}
}

static unsigned int run_end(const struct model *model, unsigned int i)
{
	__u64 types = model->pages[i].types;

	while (i < MODEL_PAGES && model->pages[i].types == types)
		i++;
	return i;
}

static unsigned int expected(const struct model *model, const struct place *place,
			     unsigned int i, unsigned int end,
			     struct mseal_record *records)
{
	unsigned int nr = 0, next;

	for (; i < end; i = next) {
		next = run_end(model, i);
		if (model->pages[i].types)
			records[nr++] = (struct mseal_record){
				.start = (unsigned long)at_page(place, i),
				.end = (unsigned long)at_page(place, next),
				.types = model->pages[i].types,
			};
	}
	return nr;
}

void look_seals(const struct model *model, const struct place *place,
		unsigned int from, unsigned int end)
{
	struct mseal_record want[MODEL_PAGES], got[MODEL_PAGES + 1];
	unsigned int nr = expected(model, place, from, end, want), i;
	struct mseal_query query = {
		.size = sizeof(query),
		.pidfd = target_myself(),
		.addr = (unsigned long)at_page(place, from),
		.records = (unsigned long)got,
		/* One more, which mustn't be here any more. */
		.nr = nr + 1,
	};

	if (ioctl(sealer_fd(), MSEAL_IOC_QUERY, &query))
		ck_abort_msg("MSEAL_IOC_QUERY: %s", strerror(errno));
	for (i = 0; i < nr; i++)
		if (i >= query.nr || memcmp(&got[i], &want[i], sizeof(want[i])))
			ck_abort_msg(PLACE_FORMAT "range %u from page %u on isn't %llx-%llx, types %#llx",
				     PLACE_WORDS(place), i, from,
				     want[i].start, want[i].end, want[i].types);
	if (query.nr > nr && got[nr].start < (unsigned long)at_page(place, end))
		ck_abort_msg(PLACE_FORMAT "a range too many at %llx",
			     PLACE_WORDS(place), got[nr].start);
}
