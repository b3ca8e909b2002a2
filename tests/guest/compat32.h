/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_COMPAT32_H
#define _MSEAL_TEST_COMPAT32_H

#include <sys/mman.h>

#define PAGE		4096UL
#define PAGES		3
#define ARENA		((char *)0x50000000)
#define RW		(PROT_READ | PROT_WRITE)
/* How compat32 says that the machine lacks what a case needs. */
#define LACKING		77

void fail(const char *format, ...);
void expect_seal(unsigned long addr, unsigned long len, unsigned long flags,
		 int want);
/* The permissions of all pages, in the form rw-p.... for one page and a hole. */
void describe(char *at, char *to);
/* Read-only pages that hold 'a', 'b' and so on. */
char *map_private(char *at);

/* Cases of calls that have no error for a refusal, or not always. */
void shmdt_stays(void);
void brk_stays(void);
void advise_process(void);
void io_destroy_keeps(void);

#endif /* _MSEAL_TEST_COMPAT32_H */
