/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_I386_H
#define _MSEAL_TEST_I386_H

/* The program, as built. */
extern const char compat32[], compat32_end[];

/* Runs this case of compat32; what it complains of fails the case here. */
void i386_run(const char *name);

#endif /* _MSEAL_TEST_I386_H */
