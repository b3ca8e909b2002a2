/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_PRESSURE_H
#define _MSEAL_LOAD_PRESSURE_H

/* The program with this word alone does nothing: something to exec. */
#define PRESSURE_EXEC	"nothing"

/*
 * Processes that change their memory maps all the time, by threads, by forks and
 * by execs, and seal nothing.
 */
void pressure_start(void);

/*
 * Fails the case if one of them has failed, or has done nothing since the last
 * call.  Returns how often they have changed something so far.
 */
unsigned long pressure_check(void);
void pressure_stop(void);

#endif /* _MSEAL_LOAD_PRESSURE_H */
