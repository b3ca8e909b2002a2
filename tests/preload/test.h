/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TESTS_PRELOAD_TEST_H
#define TESTS_PRELOAD_TEST_H

#include <check.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#define NR_MSEAL	462
#define UNTOUCHED	12345

extern size_t page;

/* Older C libraries have none. */
int mseal(void *addr, size_t len, unsigned long flags) __attribute__((weak));

/* libc's own, past what is preloaded. */
typedef long syscall_function(long number, ...);
syscall_function *libc_syscall(void);

/* Does anything seal here: the kernel by itself, or the module? */
bool native(void);
bool sealable(void);

/* Private and writable. */
char *map(size_t pages);

/* Each fails the case unless it is so for the page; the last one unmaps it. */
void expect_sealed(char *at);
void expect_free(char *at);

/* Both ways to be served, by name. */
extern const struct way {
	const char *name;
	long (*seal)(void *addr, size_t len, unsigned long flags);
} ways[2];

TCase *serve_case(void);
TCase *split_case(void);
TCase *pass_case(void);
TCase *cancel_case(void);
TCase *program_case(void);

#endif /* TESTS_PRELOAD_TEST_H */
