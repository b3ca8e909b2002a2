/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_KEEPER_H
#define _MSEAL_TEST_KEEPER_H

/*
 * Starts a process for as long as this one lives: it has sealed, so the module's
 * checks stay patched in, and holds no range any more.
 */
void keeper_start(void);
/* Of the spaces that the module tells of, the keeper's: 1, or 0 without one. */
unsigned int keeper_spaces(void);

#endif /* _MSEAL_TEST_KEEPER_H */
