/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_SEALER_H
#define _MSEAL_TEST_SEALER_H

#include <stdbool.h>
#include <stddef.h>

#define NR_MSEAL	462

enum sealer {
	SEALER_ABSENT,
	SEALER_NATIVE,
	SEALER_DEVICE,
	/* The system call again, served by the module. */
	SEALER_CALL,
	/* Says yes and seals nothing: shows which cases notice. */
	SEALER_SHAM,
};

enum sealer sealer_find(void);
void sealer_sham(void);
void sealer_call(void);
enum sealer sealer_kind(void);
const char *sealer_name(void);
/* The case's own descriptor of /dev/mseal; -1 with another sealer. */
int sealer_fd(void);
void sealer_open(void);
void sealer_close(void);

/* As mseal(2): 0, or -1 with errno. */
int seal(void *addr, size_t len);
int seal_flags(unsigned long addr, unsigned long len, unsigned long flags);

#endif /* _MSEAL_TEST_SEALER_H */
