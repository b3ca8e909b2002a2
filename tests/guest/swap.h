/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_SWAP_H
#define _MSEAL_TEST_SWAP_H

/*
 * Swaps to the zram device that MSEAL_TEST_ZRAM names, which nobody else may be
 * using; skips the case without one.
 */
void swap_begin(void);
void swap_end(void);

#endif /* _MSEAL_TEST_SWAP_H */
