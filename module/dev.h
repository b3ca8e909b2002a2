/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_DEV_H
#define _MSEAL_DEV_H

int mseal_dev_init(void);
void mseal_dev_exit(void);

#endif /* _MSEAL_DEV_H */
