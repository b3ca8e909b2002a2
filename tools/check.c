// SPDX-License-Identifier: GPL-2.0
/*
 * mseal check: is everything that a seal refuses refused on this very host? Each
 * attempt is made twice, in processes of its own: on memory that isn't sealed, where
 * it has to succeed, or else its refusal would prove nothing; and on memory that is.
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <mseal.h>

#include "check.h"
#include "info.h"
#include "print.h"
#include "tool.h"

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Tries on this host everything that a seal refuses: on memory that "
	       "isn't sealed, and on memory that is.\v"
	       "Ends 0 if all was refused that could be tried, 1 if something was "
	       "not, 2 if the arguments are wrong, 5 if memory can't be sealed "
	       "here.",
};

/* What a child sends: did it get as far as to try, and how that went. */
struct outcome {
	bool tried;
	bool intact;		/* what is there reads as before */
	bool killed;
	int err;		/* of the attempt, or of what has to precede it */
};

static void attempt(const struct attempt *attempt, bool sealed,
		    struct outcome *outcome)
{
	struct place place;

	if (!attempt->make(&place) ||
	    (sealed && mseal(place.start, place.size, 0))) {
		outcome->err = errno;
		return;
	}
	outcome->tried = true;
	outcome->err = attempt->run(&place);
	/* Done, it may have taken the memory away. */
	outcome->intact = outcome->err && *(volatile char *)place.start == 'x';
}

static struct outcome in_child(const struct attempt *which, bool sealed)
{
	struct outcome outcome = { .err = ECHILD };
	int ends[2], status;
	pid_t child;

	if (pipe(ends))
		tool_fail(TOOL_FAILED, "check: pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		tool_fail(TOOL_FAILED, "check: fork: %s", strerror(errno));
	if (!child) {
		attempt(which, sealed, &outcome);
		_exit(write(ends[1], &outcome, sizeof(outcome)) !=
		      sizeof(outcome));
	}
	close(ends[1]);
	if (read(ends[0], &outcome, sizeof(outcome)) != sizeof(outcome))
		outcome = (struct outcome){ .err = ECHILD };
	close(ends[0]);
	if (waitpid(child, &status, 0) != child)
		tool_fail(TOOL_FAILED, "check: waitpid: %s", strerror(errno));
	outcome.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	return outcome;
}

enum verdict { REFUSED, NOT_REFUSED, NOT_TRIED };

/* The module's parameter kill_on_denied. */
static bool refusals_kill;

static enum verdict judge(const struct outcome *plain,
			  const struct outcome *sealed)
{
	if (!plain->tried || plain->err)
		return NOT_TRIED;
	if (sealed->killed && refusals_kill)
		return REFUSED;
	if (sealed->tried && sealed->intact &&
	    (sealed->err == EPERM || sealed->err == KEPT))
		return REFUSED;
	return NOT_REFUSED;
}

/* A child that ended before it could tell. */
static const char *word(const struct outcome *outcome)
{
	if (!outcome->err)
		return "done";
	if (outcome->err == KEPT)
		return "kept";
	if (outcome->err == ECHILD)
		return outcome->killed ? "killed" : "ended";
	return strerrorname_np(outcome->err);
}

static const char *const verdicts[] = {
	[REFUSED] = "refused",
	[NOT_REFUSED] = "NOT REFUSED",
	[NOT_TRIED] = "not tried",
};

static void print_row(const char *name, enum verdict verdict,
		      const struct outcome *plain, const struct outcome *sealed)
{
	printf("%-32s %-10s %-10s %s%s%s\n", name, word(plain), word(sealed),
	       verdict == NOT_TRIED ? "" :
	       colour(verdict == REFUSED ? COLOUR_GOOD : COLOUR_BAD),
	       verdicts[verdict], verdict == NOT_TRIED ? "" : colour_end());
}

static void json_row(const char *name, enum verdict verdict,
		     const struct outcome *plain, const struct outcome *sealed)
{
	json_open(NULL, '{');
	json_string("attempt", name);
	json_string("unsealed", word(plain));
	json_string("sealed", word(sealed));
	json_string("verdict", verdict == NOT_REFUSED ? "not refused" :
						       verdicts[verdict]);
	json_close('}');
}

/* Returns how many were not refused. */
static unsigned int try_all(bool json, unsigned int counts[3])
{
	size_t i;

	for (i = 0; i < nr_attempts; i++) {
		struct outcome plain = in_child(&attempts[i], false);
		struct outcome sealed = in_child(&attempts[i], true);
		enum verdict verdict = judge(&plain, &sealed);

		counts[verdict]++;
		(json ? json_row : print_row)(attempts[i].name, verdict, &plain,
					      &sealed);
	}
	return counts[NOT_REFUSED];
}

static void need_sealing(void)
{
	struct info info;
	char *kill;

	info_get(&info);
	if (info.backend == MSEAL_BACKEND_NONE)
		tool_fail(TOOL_NO_SEALS, "check: %s", info_why(&info));
	info_free(&info);
	kill = info_line(INFO_MODULE "/parameters/kill_on_denied");
	refusals_kill = kill && *kill == 'Y';
	free(kill);
}

int tool_check(int argc, char **argv)
{
	unsigned int counts[3] = { 0 }, bad;
	bool json = false;

	argp_parse(&argp, argc, argv, 0, NULL, &json);
	/* Who ignores this signal couldn't wait for a child. */
	signal(SIGCHLD, SIG_DFL);
	need_sealing();
	if (!json)
		printf("%-32s %-10s %-10s\n", "attempt", "unsealed", "sealed");
	if (json) {
		json_open(NULL, '{');
		json_open("attempts", '[');
	}
	bad = try_all(json, counts);
	if (json) {
		json_close(']');
		json_number("refused", counts[REFUSED]);
		json_number("not_refused", counts[NOT_REFUSED]);
		json_number("not_tried", counts[NOT_TRIED]);
		json_close('}');
		json_done();
	} else {
		printf("%u refused, %u not refused, %u not tried\n",
		       counts[REFUSED], counts[NOT_REFUSED], counts[NOT_TRIED]);
	}
	return bad ? TOOL_FAILED : TOOL_OK;
}
