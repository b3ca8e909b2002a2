/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_LOAD_MODULES_H
#define _MSEAL_LOAD_MODULES_H

#include <stdbool.h>

/* Modules by name; the file is /NAME.ko.  0, or the errno. */
int module_load(const char *name, const char *parameters);
int module_unload(const char *name);
bool module_loaded(const char *name);

/* Unloads what is loaded; waits while it is still in use. */
bool module_gone(const char *name);

/* Each fails the case unless it works; the latter, unless nothing is left. */
void mseal_load(void);
void mseal_unload(void);

/*
 * That the module isn't loaded, for a reason that one line in the log gives
 * with all of these words, separated by bars, and that it leaves nothing.
 * NULL: no line of the module's.
 */
void mseal_load_refused(const char *parameters, int want, const char *words);

#endif /* _MSEAL_LOAD_MODULES_H */
