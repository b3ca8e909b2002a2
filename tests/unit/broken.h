/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_BROKEN_H
#define _UNIT_BROKEN_H

/* Says what is wrong and aborts: seen by Check and by a fuzzer alike. */
void broken(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif /* _UNIT_BROKEN_H */
