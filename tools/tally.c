// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "tally.h"
#include "tool.h"

/* A process that renames itself all the time must not fill the memory. */
#define MOST	4096

static struct tally_line *find(struct tally *tally,
			       const struct trace_event *event,
			       const char *object)
{
	size_t i;

	for (i = 0; i < tally->nr; i++) {
		struct tally_line *line = &tally->lines[i];

		if (line->kind == event->kind && !strcmp(line->op, event->op) &&
		    !strcmp(line->comm, event->comm) &&
		    !strcmp(line->object, object))
			return line;
	}
	return NULL;
}

/* Returns NULL if there may be no more. */
static struct tally_line *new_line(struct tally *tally,
				   const struct trace_event *event,
				   const char *object)
{
	struct tally_line *line;

	if (!tally->lines)
		tally->lines = calloc(MOST, sizeof(*tally->lines));
	if (!tally->lines)
		tool_fail(TOOL_FAILED, "no memory");
	if (tally->nr == MOST)
		return NULL;
	line = &tally->lines[tally->nr];
	line->object = strdup(object);
	if (!line->object)
		return NULL;
	tally->nr++;
	memcpy(line->comm, event->comm, sizeof(line->comm));
	line->op = event->op;
	line->kind = event->kind;
	return line;
}

void tally_add(struct tally *tally, const struct trace_event *event,
	       const char *object)
{
	struct tally_line *line = find(tally, event, object);

	if (!line)
		line = new_line(tally, event, object);
	if (line)
		line->count++;
	else
		tally->others++;
}

static int more_first(const void *a, const void *b)
{
	const struct tally_line *one = a, *other = b;

	if (one->count != other->count)
		return one->count > other->count ? -1 : 1;
	return strcmp(one->comm, other->comm);
}

void tally_sort(struct tally *tally)
{
	if (tally->nr)
		qsort(tally->lines, tally->nr, sizeof(*tally->lines),
		      more_first);
}

void tally_free(struct tally *tally)
{
	size_t i;

	for (i = 0; i < tally->nr; i++)
		free(tally->lines[i].object);
	free(tally->lines);
	*tally = (struct tally){ 0 };
}
