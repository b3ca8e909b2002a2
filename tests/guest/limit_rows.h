/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_LIMIT_ROWS_H
#define _MSEAL_TEST_LIMIT_ROWS_H

#include <stdbool.h>

/* What the pages hold that somebody has filled in spite of a seal. */
#define LIMIT_MARK	0x5c

/* suite_limits.c: the page is mapped, but can't be read. */
bool nothing_behind(char *at);

/* limits_huge.c: for one huge page. */
void prepare_huge(char *at);
void discard_huge(char *at);
bool huge_is_gone(char *at);
void prepare_last_huge(char *at);
void write_beside_child(char *at);
bool missing_behind_child(char *at);

/* limits_uffd.c */
void prepare_untouched(char *at);
void prepare_untouched_writable(char *at);
void uffd_copy(char *at);
void uffd_zero(char *at);
void uffd_move(char *at);
void uffd_poison(char *at);
void uffd_write_protect(char *at);
bool is_present(char *at);
bool cannot_be_written(char *at);

/*
 * limits_kernel.c: the kernel itself fills the page, or puts another one there.
 * Each is for one page at a time.
 */
void prepare_fixed_buffer(char *at);
void read_into_fixed_buffer(char *at);
void prepare_tcp(char *at);
void receive_by_tcp(char *at);

#endif /* _MSEAL_TEST_LIMIT_ROWS_H */
