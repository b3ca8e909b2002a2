// SPDX-License-Identifier: GPL-2.0
/* mseal show: a process's mappings beside their seals. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"
#include "print.h"
#include "seals.h"
#include "tool.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ "sealed", 's', NULL, 0, "Show only what is sealed", 0 },
	{ 0 },
};

struct show {
	pid_t pid;
	bool json;
	bool sealed_only;
	uintptr_t bytes, sealed;	/* what was shown */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show *show = state->input;

	switch (key) {
	case 'j':
		show->json = true;
		return 0;
	case 's':
		show->sealed_only = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			tool_fail(TOOL_USAGE, "show: one process at a time");
		show->pid = tool_number("show: process", arg, 1, INT32_MAX);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[PID]",
	.doc = "Lists the mappings of a process beside their seals; without PID "
	       "those of this command itself.  A mapping that is sealed in part "
	       "takes several lines.",
};

static void print_line(const struct mapping *mapping, uintptr_t start,
		       uintptr_t end, const struct mseal_seal *seal)
{
	printf("%012" PRIxPTR "-%012" PRIxPTR " %8" PRIuPTR "K %s ", start, end,
	       (end - start) / 1024, mapping->perms);
	if (!seal) {
		printf("%-10s", "-");
	} else {
		char *types = NULL;
		size_t size;
		FILE *out = open_memstream(&types, &size);

		if (!out)
			tool_fail(TOOL_FAILED, "no memory");
		seals_print_types(out, seal->types);
		if (seal->reported) {
			fputs(seal->types ? ",report:" : "report:", out);
			seals_print_types(out, seal->reported);
		}
		fclose(out);
		printf("%s%-10s%s", colour(COLOUR_GOOD), types, colour_end());
		free(types);
	}
	if (*mapping->name)
		putchar(' ');
	print_safely(stdout, mapping->name);
	putchar('\n');
}

static void json_line(const struct mapping *mapping, uintptr_t start,
		      uintptr_t end, const struct mseal_seal *seal)
{
	json_open(NULL, '{');
	json_address("start", start);
	json_address("end", end);
	json_string("permissions", mapping->perms);
	json_string("mapping", mapping->name);
	seals_json_types("types", seal ? seal->types : 0);
	seals_json_types("reported", seal ? seal->reported : 0);
	json_close('}');
}

static void line(struct show *show, const struct mapping *mapping,
		 uintptr_t start, uintptr_t end, const struct mseal_seal *seal)
{
	show->bytes += end - start;
	if (seal)
		show->sealed += end - start;
	else if (show->sealed_only)
		return;
	if (show->json)
		json_line(mapping, start, end, seal);
	else
		print_line(mapping, start, end, seal);
}

/* The seals are in order; *seal moves on to the last that may matter further on. */
static void one_mapping(struct show *show, const struct mapping *mapping,
			const struct seals *seals, size_t *seal)
{
	uintptr_t at = mapping->start;

	while (at < mapping->end) {
		const struct mseal_seal *next;
		uintptr_t start = mapping->end, end = mapping->end;

		while (*seal < seals->nr) {
			next = &seals->list[*seal];
			start = (uintptr_t)next->addr;
			end = start + next->len;
			if (end > at)
				break;
			++*seal;
		}
		if (*seal == seals->nr || start >= mapping->end) {
			line(show, mapping, at, mapping->end, NULL);
			return;
		}
		if (start > at) {
			line(show, mapping, at, start, NULL);
			at = start;
		}
		if (end > mapping->end)
			end = mapping->end;
		line(show, mapping, at, end, next);
		at = end;
	}
}

static const char *why(int err)
{
	switch (err) {
	case -ESRCH:
	case -ENOENT:
		return "no such process, or it has ended";
	case -EACCES:
	case -EPERM:
		return "not permitted to look at its memory";
	case -ENOSYS:
		return "seals can't be asked for here; see mseal status";
	case -EOPNOTSUPP:
		return "the module can't tell of other processes on this kernel";
	default:
		return strerror(-err);
	}
}

static void look(struct show *show, struct maps *maps, struct seals *seals)
{
	FILE *file = maps_open(show->pid);
	int err = file ? 0 : -errno;
	int pidfd = MSEAL_SELF;

	if (!err && show->pid != getpid()) {
		pidfd = tool_pidfd(show->pid);
		err = pidfd < 0 ? -errno : 0;
	}
	if (!err)
		err = seals_read(pidfd, seals);
	if (!err)
		err = maps_read(file, maps);
	if (err)
		tool_fail(TOOL_FAILED, "show: process %d: %s", show->pid,
			  why(err));
	if (!maps->nr)
		tool_fail(TOOL_FAILED, "show: process %d has no memory",
			  show->pid);
	fclose(file);
	if (pidfd != MSEAL_SELF)
		close(pidfd);
}

int tool_show(int argc, char **argv)
{
	struct show show = { .pid = getpid() };
	struct seals seals;
	struct maps maps;
	size_t i, seal = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &show);
	look(&show, &maps, &seals);
	if (show.json) {
		json_open(NULL, '{');
		json_number("pid", show.pid);
		json_open("mappings", '[');
	}
	for (i = 0; i < maps.nr; i++)
		one_mapping(&show, &maps.list[i], &seals, &seal);
	if (show.json) {
		json_close(']');
		json_number("bytes", show.bytes);
		json_number("sealed", show.sealed);
		json_close('}');
		json_done();
	} else {
		printf("total %" PRIuPTR "K, sealed %" PRIuPTR "K\n",
		       show.bytes / 1024, show.sealed / 1024);
	}
	maps_free(&maps);
	seals_free(&seals);
	return TOOL_OK;
}
