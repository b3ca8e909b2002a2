// SPDX-License-Identifier: GPL-2.0
/* Compiled in every dialect, with a C library's mseal() before and after ours. */
#ifdef LIBC_BEFORE
#include "libc.h"
#endif
#define MSEAL_WANT_MIMMUTABLE
#include "mseal.h"
#include "mseal_rfc1.h"
#ifdef LIBC_AFTER
#include "libc.h"
#endif

int (*const call)(void *, size_t, unsigned long) = mseal;
int (*const backend)(int *) = mseal_backend;
int (*const use)(int) = mseal_use_fd;
int (*const types)(void *, size_t, uint64_t, unsigned int) = mseal_types;
long (*const query)(int, const void *, struct mseal_seal *, size_t) = mseal_query;
int (*const immutable)(void *, size_t) = mimmutable;

int main(void)
{
	int kind = backend(NULL);
	struct mseal_seal seal;

	return (call(NULL, 0, 0) != 0) != (kind == MSEAL_BACKEND_NONE) ||
	       !mseal_version() || use(-1) ||
	       (immutable(NULL, 0) != 0) != (kind == MSEAL_BACKEND_NONE) ||
	       (query(MSEAL_SELF, NULL, &seal, 1) < 0) != (kind == MSEAL_BACKEND_NONE) ||
	       !types(NULL, 0, 0, 0);
}
