/* SPDX-License-Identifier: GPL-2.0 */
/* Runs a program, as it would be run by hand, and keeps what it says. */
#ifndef AUTO_OUTCOME_H
#define AUTO_OUTCOME_H

#include <stdbool.h>
#include <sys/types.h>

#define AUTO		"/usr/local/lib/libmseal-auto.so"
#define PROGRAMS	"/auto/"
#define LOADER		"/lib64/ld-linux-x86-64.so.2"
#define TRIES		"/tmp/tries"
#define SAID		8192

/**
 * struct outcome - of a program
 * @pid: it had this process number
 * @status: its exit status, or 128 + signal
 * @out: what it said
 * @err: what it complained of
 */
struct outcome {
	pid_t pid;
	int status;
	char out[SAID];
	char err[SAID];
};

/* Up to NULL: the program and its arguments. Looked for in PATH. */
struct outcome run(const char *program, ...) __attribute__((sentinel));

/* The same with another thing done by the process before it executes. */
struct outcome run_after(void (*prepare)(void), const char *program, ...)
	__attribute__((sentinel));

/* Lines of the file TRIES that begin with what and hold path; both may be "". */
int tries(const char *what, const char *path);

/* Forgets what was tried. */
void tries_forget(void);

/* All but the loader's own RELRO, or nothing, was refused. */
void expect_all_refused(void);
void expect_none_refused(void);

void write_file(const char *path, const char *text, mode_t mode);
void copy_file(const char *from, const char *to, mode_t mode);

/* How many lines a text has. */
int lines(const char *text);

#endif /* AUTO_OUTCOME_H */
