/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_GUARDS_H
#define _MSEAL_GUARDS_H

#include "hook.h"

extern struct mseal_guard mseal_guards[];
extern const unsigned int mseal_nr_guards;

#endif /* _MSEAL_GUARDS_H */
