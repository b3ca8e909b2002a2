// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "release.h"

bool release_since(unsigned int major, unsigned int minor)
{
	unsigned int has_major, has_minor;
	struct utsname uts;

	if (uname(&uts) || sscanf(uts.release, "%u.%u", &has_major, &has_minor) != 2)
		abort();
	return has_major > major || (has_major == major && has_minor >= minor);
}
