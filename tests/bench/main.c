// SPDX-License-Identifier: GPL-2.0
/*
 * usage: mseal-bench STATE...
 *        mseal-bench run NAME PROGRAM [ARGUMENT...]
 *        mseal-bench loop STATE OPERATION...
 * Prints what operations cost, in lines OPERATION|STATE|TICKS|ROUNDS: the least of
 * so many rounds, less an empty system call (but "empty" itself, and page faults).
 * Each state is a process of its own:
 *
 *	none	nothing is sealed by it
 *	other	the same, while another process has a seal
 *	N	it has sealed N ranges
 *	hooks	how many hooked functions each operation enters
 *	memory	what one of 100000 ranges takes, in bytes
 *
 * "run" prints what the whole of a program costs, in lines of the same kind. "loop"
 * does operations in a state until it is killed: see tests/bench/profile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "clock.h"

/* Where one round takes long, there are fewer, but some. */
#define PATIENCE	(2UL << 30)
#define LEAST_ROUNDS	3

/* Seconds until the module has taken back what a last seal needed. */
#define KEY_OFF		4

/*
 * Rounds of a process that loops, for each range: sealing changes it, so it makes
 * room for a new one, but not before that is little beside what it does.
 */
#define LOOPED		20
#define UNSEALED_AS	10000

static uint64_t empty_call;

void give_up(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void measure(const struct op *op, const char *state)
{
	uint64_t least = UINT64_MAX, began = ticks(), cost;
	unsigned int i;

	for (i = 0; i < op->rounds; i++) {
		cost = op->cost();
		least = cost < least ? cost : least;
		if (i + 1 >= LEAST_ROUNDS && ticks() - began > PATIENCE)
			break;
	}
	if (least == NOT_HERE)
		return;
	if (!strcmp(op->name, "empty"))
		empty_call = least;
	else if (strcmp(op->name, "page fault"))
		least -= empty_call;
	printf("%s|%s|%llu|%u\n", op->name, state, (unsigned long long)least,
	       i < op->rounds ? i + 1 : i);
}

static void measure_all(const struct op *op, const char *state, bool sealed)
{
	for (; op->name; op++)
		if (op->when == ALWAYS || (op->when == SEALED) == sealed)
			measure(op, state);
}

/* So many mappings may be too many by default. */
static void allow_mappings(void)
{
	FILE *limit = fopen("/proc/sys/vm/max_map_count", "we");

	if (!limit || fputs("1000000", limit) < 0 || fclose(limit))
		give_up("max_map_count");
}

static void in_state(const char *state)
{
	unsigned int nr = strtoul(state, NULL, 10);

	if (!strcmp(state, "hooks") || !strcmp(state, "memory"))
		sealing_find();
	if (!strcmp(state, "hooks")) {
		count_hooks();
		return;
	}
	if (!strcmp(state, "memory")) {
		measure_memory(100000);
		return;
	}
	/* The module has just tried itself, or somebody else has ended. */
	if (!strcmp(state, "none"))
		sleep(KEY_OFF);
	ranges_map(nr ? nr : 1);
	if (nr) {
		sealing_find();
		allow_mappings();
		ranges_seal(nr);
	}
	if (loop(LOOPED * (nr ? nr : UNSEALED_AS)))
		return;
	measure_all(passing_ops, state, nr);
	measure_all(refused_ops, state, nr);
	measure_all(process_ops, state, nr);
	measure_all(sealing_ops, state, nr);
}

/* A process that has a seal, until it is killed. */
static pid_t sealed_process(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		give_up("pipe");
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sealing_find();
		ranges_map(1);
		ranges_seal(1);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	if (pid < 0 || read(ready[0], &byte, 1) != 1)
		give_up("another process");
	close(ready[0]);
	return pid;
}

static void run(const char *state)
{
	bool other = !strcmp(state, "other");
	pid_t sealed = other ? sealed_process() : 0, pid;
	int status = 0;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		in_state(state);
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		give_up("fork");
	if (sealed) {
		kill(sealed, SIGKILL);
		waitpid(sealed, NULL, 0);
	}
	if (status) {
		fprintf(stderr, "state %s: status %d\n", state, status);
		exit(1);
	}
}

static void run_program(const char *name, char **argv)
{
	uint64_t cost = ticks();
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		give_up("fork");
	cost = ticks() - cost;
	if (status) {
		fprintf(stderr, "%s: status %d\n", argv[0], status);
		exit(1);
	}
	printf("%s|whole|%llu|1\n", name, (unsigned long long)cost);
}

int main(int argc, char **argv)
{
	int i;

	/* What the execve() that is measured runs. */
	if (argc == 2 && !strcmp(argv[1], "nothing"))
		return 0;
	if (argc < 2) {
		fprintf(stderr, "usage: mseal-bench STATE...\n");
		return 2;
	}
	if (argc >= 4 && !strcmp(argv[1], "run")) {
		run_program(argv[2], argv + 3);
		return 0;
	}
	if (argc >= 4 && !strcmp(argv[1], "loop")) {
		loop_announce(argv + 3);
		for (;;)
			run(argv[2]);
	}
	for (i = 1; i < argc; i++)
		run(argv[i]);
	return 0;
}
