/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_EXCEPTIONS_H
#define _MSEAL_TEST_EXCEPTIONS_H

/* Why native mseal isn't asked to pass this case; NULL: it is. */
const char *native_exception(const char *id);

/* The same for system call 462 as the module serves it. */
const char *served_exception(const char *id);

#endif /* _MSEAL_TEST_EXCEPTIONS_H */
