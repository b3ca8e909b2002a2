/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_REPORT_H
#define _MSEAL_TEST_REPORT_H

/* Shared by the processes of all cases, so that nothing is left out silently. */
void report_init(void);

/* Ends the running case, uncounted: this machine lacks what it needs. */
void skip(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

void need_root(void);

/* A line for the end of the run, such as counts of a race. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints both and returns the number of skipped cases. */
int report_print(void);

#endif /* _MSEAL_TEST_REPORT_H */
