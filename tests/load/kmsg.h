/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_KMSG_H
#define _MSEAL_LOAD_KMSG_H

#include <stdbool.h>

/* What the kernel says from here on. */
void kmsg_mark(void);

/* What it said since the mark, a line each; good until the next call. */
const char *kmsg_since(void);

/*
 * Fails the case unless the module has said one line since the mark, with all
 * of these words (separated by bars) in it; NULL: unless it has said nothing.
 */
void kmsg_expect_line(const char *words);

/* Has anybody said a line with all of these words? */
bool kmsg_has_words(const char *words);

/* Fails the case unless it is so. */
void kmsg_expect_words(const char *words);

/*
 * Fails the case if the kernel has found fault with itself since the mark or the last
 * such look; what it said is then read, and gone.  For where the console says nothing.
 */
void kmsg_expect_no_complaint(void);

#endif /* _MSEAL_LOAD_KMSG_H */
