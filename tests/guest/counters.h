/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_COUNTERS_H
#define _MSEAL_TEST_COUNTERS_H

/* What the module has counted since it was loaded; nothing without the module. */
void counters_print(void);

#endif /* _MSEAL_TEST_COUNTERS_H */
