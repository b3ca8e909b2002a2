// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "print.h"
#include "seals.h"

#define STEP	256

static const struct {
	uint64_t type;
	const char *name;
} names[] = {
	{ MSEAL_T_FREEZE, "freeze" },
	{ MSEAL_T_PROTECT, "protect" },
	{ MSEAL_T_UPGRADE, "upgrade" },
	{ MSEAL_T_UNMAP, "unmap" },
	{ MSEAL_T_OVER, "over" },
	{ MSEAL_T_REMAP, "remap" },
	{ MSEAL_T_DISCARD, "discard" },
	{ MSEAL_T_DISCARD_ALL, "discard_all" },
	{ MSEAL_T_KILL, "kill" },
	{ MSEAL_T_REPORT, "report" },
};

#define NR_NAMES	(sizeof(names) / sizeof(*names))

int seals_read(int pidfd, struct seals *seals)
{
	const char *next = NULL;
	long found;

	*seals = (struct seals){ 0 };
	do {
		struct mseal_seal *more, *last;

		more = realloc(seals->list,
			       (seals->nr + STEP) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		seals->list = more;
		found = mseal_query(pidfd, next, more + seals->nr, STEP);
		if (found < 0)
			return -errno;
		seals->nr += found;
		if (found == STEP) {
			last = &seals->list[seals->nr - 1];
			next = (char *)last->addr + last->len;
		}
	} while (found == STEP);
	return 0;
}

void seals_free(struct seals *seals)
{
	free(seals->list);
	*seals = (struct seals){ 0 };
}

void seals_print_types(FILE *out, uint64_t types)
{
	const char *comma = "";
	size_t i;

	if ((types & MSEAL_T_NATIVE) == MSEAL_T_NATIVE) {
		fputs("native", out);
		types &= ~MSEAL_T_NATIVE;
		comma = ",";
	}
	for (i = 0; i < NR_NAMES; i++) {
		if (!(types & names[i].type))
			continue;
		fprintf(out, "%s%s", comma, names[i].name);
		types &= ~names[i].type;
		comma = ",";
	}
	/* A newer module's. */
	if (types)
		fprintf(out, "%s0x%llx", comma, (unsigned long long)types);
}

void seals_json_types(const char *name, uint64_t types)
{
	size_t i;

	json_open(name, '[');
	for (i = 0; i < NR_NAMES; i++) {
		if (types & names[i].type)
			json_string(NULL, names[i].name);
		types &= ~names[i].type;
	}
	if (types)
		json_address(NULL, types);
	json_close(']');
}
