/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_CMDLINE_H
#define _MSEAL_CMDLINE_H

/**
 * mseal_check_disabled() - has the administrator forbidden the module to load?
 *
 * Return: 0, or -EPERM after one line in the log that says so.
 */
int mseal_check_disabled(void);

#endif /* _MSEAL_CMDLINE_H */
