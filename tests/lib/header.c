// SPDX-License-Identifier: GPL-2.0
/* Compiled in every dialect, with a C library's mseal() before and after ours. */
#ifdef LIBC_BEFORE
#include "libc.h"
#endif
#include "mseal.h"
#ifdef LIBC_AFTER
#include "libc.h"
#endif

int (*const call)(void *, size_t, unsigned long) = mseal;
int (*const backend)(int *) = mseal_backend;
int (*const use)(int) = mseal_use_fd;

int main(void)
{
	int kind = backend(NULL);

	return (call(NULL, 0, 0) != 0) != (kind == MSEAL_BACKEND_NONE) ||
	       !mseal_version() || use(-1);
}
