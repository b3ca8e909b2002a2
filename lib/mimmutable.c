// SPDX-License-Identifier: LGPL-2.1-or-later
/* Apart, so that a static program gets the name only if it asks for it. */
#define MSEAL_WANT_MIMMUTABLE
#include <errno.h>

#include "internal.h"
#include "mseal.h"

API int mimmutable(void *addr, size_t len)
{
	int saved = errno;
	size_t inside = (uintptr_t)addr & (mseal_sys_page_size() - 1);
	int err;

	/* Where the sum wraps the length stays: it is refused as too long. */
	if (len && len + inside >= inside)
		len += inside;
	err = mseal_backend_seal((char *)addr - inside, len, 0);
	errno = err ? mseal_errno_call(err) : saved;
	return err ? -1 : 0;
}
