/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RELEASE_H
#define _MSEAL_TEST_RELEASE_H

#include <stdbool.h>

/* For what a kernel can't be asked: is this one of that release, or of a later? */
bool release_since(unsigned int major, unsigned int minor);

#endif /* _MSEAL_TEST_RELEASE_H */
