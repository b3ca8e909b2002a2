/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_TIDY_H
#define _MSEAL_LOAD_TIDY_H

/*
 * Between cases: whatever the last one left loaded or switched goes away, and
 * fails if it doesn't.
 */
void tidy(void);

/* Undoes the live patch, so that its module can be unloaded. */
void patch_disable(void);

#endif /* _MSEAL_LOAD_TIDY_H */
