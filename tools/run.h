/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of mseal run share. */
#ifndef MSEAL_RUN_H
#define MSEAL_RUN_H

/*
 * target.c: ends the command with one line unless the kernel and the loader are
 * bound to run the program with the library in it, as far as files tell.
 */
void target_prove(const char *program, const char *library);

/*
 * confirm.c: from here on another process watches this one.  When it has executed
 * a program and that one is about to run its first own instruction, the library
 * must have sealed itself, or the program is killed.
 */
void confirm_before_main(const char *library);

/*
 * filter.c: has system call 462 served from the next exec on, by a filter that
 * allows all where it takes one; ends the command with one line if it can't be.
 */
void filter_have_served(void);

#endif /* MSEAL_RUN_H */
