// SPDX-License-Identifier: GPL-2.0
/* mseal run: executes a program that is sealed, or can seal. */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../auto/policy.h"
#include "run.h"
#include "tool.h"

#define AUTO		LIBDIR "/libmseal-auto.so"
#define PRELOAD		LIBDIR "/libmseal-preload.so"

struct options {
	const char *policy;
	const char *types;
	bool syscall;
	char **program;
};

static const struct argp_option options[] = {
	{ "auto", 'a', "POLICY", OPTION_ARG_OPTIONAL,
	  "Seal the program's code and read-only data by libmseal-auto.so: off, "
	  "report, try (the default) or enforce, and all, marked behind a comma",
	  0 },
	{ "types", 't', "TYPE,...", 0, "Seal with these types, too", 0 },
	{ "syscall", 's', NULL, 0,
	  "Have system call 462 served by the kernel, by a filter that allows all",
	  0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *chosen = state->input;
	struct policy policy = { 0 };

	switch (key) {
	case 'a':
		chosen->policy = arg ? arg : "try";
		if (!policy_parse(&policy, chosen->policy))
			argp_error(state, "no policy '%s'", chosen->policy);
		return 0;
	case 't':
		chosen->types = arg;
		if (!policy_parse_types(&policy, arg))
			argp_error(state, "no types '%s'", arg);
		return 0;
	case 's':
		chosen->syscall = true;
		return 0;
	case ARGP_KEY_ARG:
		chosen->program = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no program given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "PROGRAM [ARGUMENT...]",
	.doc = "Executes PROGRAM with libmseal-preload.so, which serves its calls "
	       "of mseal().\v"
	       "Ends as PROGRAM does, 126 if it can't be executed or not be sealed "
	       "as it must, 127 if there is none.",
};

static void set_variable(const char *name, const char *value)
{
	if (setenv(name, value, 1))
		tool_fail(TOOL_CANT_RUN, "no memory");
}

/* In front of what the user has the loader load. */
static void preload(const char *library)
{
	const char *users = getenv("LD_PRELOAD");
	char *all;

	if (asprintf(&all, "%s%s%s", library, users && *users ? ":" : "",
		     users ? users : "") < 0)
		tool_fail(TOOL_CANT_RUN, "no memory");
	set_variable("LD_PRELOAD", all);
	free(all);
}

/* Why execve() would refuse it, or 0. */
static int refusal(const char *path)
{
	struct stat st;

	if (stat(path, &st) || euidaccess(path, X_OK))
		return errno;
	return S_ISREG(st.st_mode) ? 0 : EACCES;
}

/* The same with the first that there is in PATH, or the last refusal of one. */
static int search(const char *name, char path[PATH_MAX])
{
	const char *dirs = getenv("PATH");
	int err = ENOENT;
	size_t len;

	if (!dirs)
		dirs = "/bin:/usr/bin";
	for (;; dirs += len + 1) {
		len = strcspn(dirs, ":");
		if (snprintf(path, PATH_MAX, "%.*s/%s", len ? (int)len : 1,
			     len ? dirs : ".", name) < PATH_MAX) {
			int why = refusal(path);

			if (!why)
				return 0;
			if (why == EACCES)
				err = EACCES;
		}
		if (!dirs[len])
			return err;
	}
}

/* As execvp() looks, so that what is proved is what is executed. */
static void find_program(const char *name, char path[PATH_MAX])
{
	int err = ENOENT;

	if (strchr(name, '/'))
		err = snprintf(path, PATH_MAX, "%s", name) < PATH_MAX ?
			      refusal(path) : ENAMETOOLONG;
	else if (*name)
		err = search(name, path);
	if (err == ENOENT)
		tool_fail(TOOL_NO_PROGRAM, "%s: no such program", name);
	if (err)
		tool_fail(TOOL_CANT_RUN, "%s: %s", name, strerror(err));
}

/* Returns true if nothing but this file may be executed. */
static bool prepare_auto(const struct options *chosen, const char *path)
{
	struct policy policy = { 0 };
	char library[PATH_MAX];

	policy_parse(&policy, chosen->policy);
	if (policy.level == POLICY_ENFORCE) {
		if (!realpath(AUTO, library))
			tool_fail(TOOL_CANT_RUN, AUTO ": %s", strerror(errno));
		target_prove(path, library);
		confirm_before_main(library);
	}
	if (policy.level > POLICY_OFF)
		preload(AUTO);
	set_variable("MSEAL_AUTO", chosen->policy);
	if (chosen->types)
		set_variable("MSEAL_AUTO_TYPES", chosen->types);
	return policy.level == POLICY_ENFORCE;
}

int tool_run(int argc, char **argv)
{
	struct options chosen = { 0 };
	bool exactly = false;
	char path[PATH_MAX];

	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &chosen);
	if (chosen.types && !chosen.policy)
		chosen.policy = "try";
	find_program(*chosen.program, path);
	if (chosen.syscall)
		filter_have_served();
	if (!access(PRELOAD, R_OK))
		preload(PRELOAD);
	if (chosen.policy)
		exactly = prepare_auto(&chosen, path);
	/* With a path, execvp() only adds that a script without #! is the shell's. */
	(exactly ? execv : execvp)(path, chosen.program);
	tool_fail(errno == ENOENT ? TOOL_NO_PROGRAM : TOOL_CANT_RUN, "%s: %s",
		  path, strerror(errno));
}
