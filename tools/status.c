// SPDX-License-Identifier: GPL-2.0
/* mseal status: does sealing work here, and if not, why. */
#include <argp.h>
#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <mseal.h>

#include "holders.h"
#include "info.h"
#include "print.h"
#include "seals.h"
#include "tool.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ "quiet", 'q', NULL, 0, "Print nothing, only end with the answer", 0 },
	{ "holders", 'H', NULL, 0,
	  "List who has sealed memory on a native kernel too, where that means "
	  "a look at each mapping of each process", 0 },
	{ 0 },
};

struct status {
	bool json, quiet, list_holders;
	struct info info;
	struct holders holders;
	char *why;		/* NULL if sealing works */
	bool reboot;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct status *status = state->input;

	(void)arg;
	switch (key) {
	case 'j':
		status->json = true;
		return 0;
	case 'q':
		status->quiet = true;
		return 0;
	case 'H':
		status->list_holders = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Says whether memory can be sealed here, by what, and how much "
	       "it is used; or why not.\v"
	       "Ends 0 if it can, 1 if not, 2 if the arguments are wrong, 3 if it "
	       "can but another version of the module is installed than loaded.",
};

static const char *by(const struct info *info)
{
	switch (info->backend) {
	case MSEAL_BACKEND_NATIVE:
		return "kernel";
	case MSEAL_BACKEND_DEVICE:
		return "module";
	default:
		return NULL;
	}
}

/* Calls back for each parameter of the module that may be read. */
static void parameters(void (*tell)(const char *name, const char *value))
{
	static const char where[] = INFO_MODULE "/parameters";
	DIR *dir = opendir(where);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[sizeof(where) + sizeof(entry->d_name) + 1], *value;

		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", where, entry->d_name);
		value = info_line(path);
		if (value)
			tell(entry->d_name, value);
		free(value);
	}
	if (dir)
		closedir(dir);
}

static void print_parameter(const char *name, const char *value)
{
	printf(" %s=%s", name, value);
}

static void print_versions(const struct status *status)
{
	const struct info *info = &status->info;

	if (!info->loaded && !info->installed_version)
		return;
	printf("module:    %s loaded, %s installed",
	       info->loaded_version ? info->loaded_version : "none",
	       info->installed_version ? info->installed_version : "none");
	if (info->told)
		printf(", ABI %u", info->device.abi);
	if (status->reboot)
		printf("%s: reboot%s", colour(COLOUR_BAD), colour_end());
	putchar('\n');
}

static void print_device(const struct info *info)
{
	const struct mseal_info *device = &info->device;
	uint32_t i;

	if (device->state & MSEAL_STATE_UNTESTED)
		puts("warning:   untested=1: no test was run on this line of kernels");
	if (device->state & MSEAL_STATE_UNCHECKED)
		puts("warning:   unchecked=1: seals may not hold");
	fputs("types:     ", stdout);
	seals_print_types(stdout, device->types);
	printf("\nsealed:    %" PRIu64 " ranges in %" PRIu64 " address spaces now, "
	       "%" PRIu64 " seals since it was loaded\n",
	       (uint64_t)device->ranges, (uint64_t)device->spaces,
	       (uint64_t)device->seals);
	printf("refused:   %" PRIu64, (uint64_t)device->refusals);
	for (i = 0; i < device->nr_counts; i++)
		printf("%s%s %" PRIu64, i ? ", " : ": ", info->counts[i].name,
		       (uint64_t)info->counts[i].refused);
	printf("\nreported:  %" PRIu64, (uint64_t)device->reports);
	for (i = 0; i < device->nr_counts; i++)
		printf("%s%s %" PRIu64, i ? ", " : ": ", info->counts[i].name,
		       (uint64_t)info->counts[i].reported);
	printf("\nhooks:     %u\n", device->nr_hooks);
	for (i = 0; i < device->nr_hooks; i++)
		printf("  %-24s %-12s %" PRIu64 " refused\n",
		       info->hooks[i].function, info->hooks[i].guard,
		       (uint64_t)info->hooks[i].refusals);
}

static void print_holders(const struct holders *holders)
{
	size_t i;

	if (holders->err) {
		printf("holders:   can't be told: %s\n", strerror(holders->err));
		return;
	}
	printf("holders:   %zu processes", holders->nr);
	if (holders->hidden)
		printf(", and %zu that you may not look at", holders->hidden);
	putchar('\n');
	for (i = 0; i < holders->nr; i++) {
		printf("  %-8d ", holders->list[i].pid);
		print_safely(stdout, holders->list[i].name);
		printf("  %" PRIu64 "K in %zu ranges\n",
		       holders->list[i].bytes / 1024, holders->list[i].ranges);
	}
}

static void print(const struct status *status)
{
	const struct info *info = &status->info;

	if (status->why)
		printf("sealing:   %sdoesn't work%s: %s\n", colour(COLOUR_BAD),
		       colour_end(), status->why);
	else if (info->backend == MSEAL_BACKEND_NATIVE)
		printf("sealing:   %sworks%s, by the kernel itself; no module is needed\n",
		       colour(COLOUR_GOOD), colour_end());
	else
		printf("sealing:   %sworks%s, by the module\n",
		       colour(COLOUR_GOOD), colour_end());
	printf("kernel:    %s\n", info->kernel.release);
	print_versions(status);
	if (info->told)
		print_device(info);
	if (info->loaded) {
		fputs("parameters:", stdout);
		parameters(print_parameter);
		putchar('\n');
	}
	if (status->list_holders)
		print_holders(&status->holders);
}

static void json_device(const struct info *info)
{
	const struct mseal_info *device = &info->device;
	uint32_t i;

	json_number("abi", device->abi);
	seals_json_types("types", device->types);
	json_bool("live", device->state & MSEAL_STATE_LIVE);
	json_bool("new_seals", device->state & MSEAL_STATE_NEW_SEALS);
	json_bool("untested", device->state & MSEAL_STATE_UNTESTED);
	json_bool("unchecked", device->state & MSEAL_STATE_UNCHECKED);
	json_number("address_spaces", device->spaces);
	json_number("ranges", device->ranges);
	json_number("seals", device->seals);
	json_number("refusals", device->refusals);
	json_number("reports", device->reports);
	json_number("max_ranges", device->max_ranges);
	json_open("operations", '[');
	for (i = 0; i < device->nr_counts; i++) {
		json_open(NULL, '{');
		json_string("name", info->counts[i].name);
		json_number("refused", info->counts[i].refused);
		json_number("reported", info->counts[i].reported);
		json_close('}');
	}
	json_close(']');
	json_open("hooks", '[');
	for (i = 0; i < device->nr_hooks; i++) {
		json_open(NULL, '{');
		json_string("function", info->hooks[i].function);
		json_string("guard", info->hooks[i].guard);
		json_number("refusals", info->hooks[i].refusals);
		json_close('}');
	}
	json_close(']');
}

static void json_holders(const struct holders *holders)
{
	size_t i;

	json_open("holders", '[');
	for (i = 0; i < holders->nr; i++) {
		json_open(NULL, '{');
		json_number("pid", holders->list[i].pid);
		json_string("name", holders->list[i].name);
		json_number("ranges", holders->list[i].ranges);
		json_number("bytes", holders->list[i].bytes);
		json_close('}');
	}
	json_close(']');
	json_number("hidden", holders->hidden);
	json_string("holders_error",
		    holders->err ? strerror(holders->err) : NULL);
}

static void print_json(const struct status *status)
{
	const struct info *info = &status->info;

	json_open(NULL, '{');
	json_bool("works", !status->why);
	json_string("by", by(info));
	json_string("why", status->why);
	json_bool("reboot", status->reboot);
	json_string("kernel", info->kernel.release);
	json_string("loaded", info->loaded_version);
	json_string("installed", info->installed_version);
	if (info->told) {
		json_open("module", '{');
		json_device(info);
		json_close('}');
	}
	json_open("parameters", '{');
	parameters(json_string);
	json_close('}');
	if (status->list_holders)
		json_holders(&status->holders);
	json_close('}');
	json_done();
}

int tool_status(int argc, char **argv)
{
	struct status status = { 0 };
	struct info *info = &status.info;

	argp_parse(&argp, argc, argv, 0, NULL, &status);
	info_get(info);
	if (info->backend == MSEAL_BACKEND_NONE)
		status.why = info_why(info);
	status.reboot = info->loaded_version && info->installed_version &&
			strcmp(info->loaded_version, info->installed_version);
	status.list_holders |= info->told;
	if (status.list_holders && !status.quiet)
		holders_get(&status.holders);
	if (status.json)
		print_json(&status);
	else if (!status.quiet)
		print(&status);
	free(status.why);
	holders_free(&status.holders);
	info_free(info);
	if (info->backend == MSEAL_BACKEND_NONE)
		return TOOL_FAILED;
	return status.reboot ? TOOL_REBOOT : TOOL_OK;
}
