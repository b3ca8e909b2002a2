// SPDX-License-Identifier: GPL-2.0
#include <check.h>
#include <limits.h>
#include <string.h>

#include "cells.h"

const struct place places[] = {
	{ 0, PAGE },
	{ 0x7f1234567000, PAGE },
	{ 0, 1 },
	{ ULONG_MAX - MODEL_CELLS * PAGE, PAGE },
};

const int nr_places = sizeof(places) / sizeof(places[0]);

static u64 types_of(char c)
{
	if (c == '.')
		return 0;
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

bool next_run(const char *text, unsigned int *pos, struct run *run)
{
	unsigned int first = *pos + strspn(text + *pos, ".");
	const char same[] = { text[first], '\0' };

	if (!text[first])
		return false;
	*pos = first + strspn(text + first, same);
	run->at = (struct cells){ first, *pos - 1 };
	run->types = types_of(text[first]);
	return true;
}

void given(struct family *family, const struct place *place, const char *text)
{
	unsigned int pos = 0;
	struct run run;

	family_init(family, place->base, place->unit);
	while (next_run(text, &pos, &run))
		family_add(family, 0, run.at, run.types, NO_LIMIT);
	ck_cells(family, 0, text);
}

/* Check's own comparisons write to a pipe each, too slow for so many. */
void ck_cells(const struct family *family, unsigned int who, const char *text)
{
	const struct model *model = &family->members[who].model;
	size_t i, len = strlen(text);

	for (i = 0; i < MODEL_CELLS; i++)
		if (model->types[i] != (i < len ? types_of(text[i]) : 0))
			ck_abort_msg("cell %zu of %s is %llx", i, text,
				     model->types[i]);
}
