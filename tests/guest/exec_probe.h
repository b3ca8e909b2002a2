/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_EXEC_PROBE_H
#define _MSEAL_TEST_EXEC_PROBE_H

#define EXEC_PROBE	"--exec-probe"

/*
 * What mseal-test does instead of testing when a case executes it anew: finds
 * out whether the page at this address is free.  Returns an exit status.
 */
int exec_probe(const char *address);

#endif /* _MSEAL_TEST_EXEC_PROBE_H */
