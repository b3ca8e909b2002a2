// SPDX-License-Identifier: GPL-2.0
/* mseal status: does sealing work here, and if not, why. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <mseal.h>

#include "tool.h"

static const struct argp argp = {
	.doc = "Says whether memory can be sealed here, and by what.\v"
	       "Ends 0 if it can, 1 if not, 2 if the arguments are wrong.",
};

int tool_status(int argc, char **argv)
{
	int why;

	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	switch (mseal_backend(&why)) {
	case MSEAL_BACKEND_NATIVE:
		puts("sealing: works, by the kernel's own mseal()");
		return TOOL_OK;
	case MSEAL_BACKEND_DEVICE:
		puts("sealing: works, by the module");
		return TOOL_OK;
	default:
		printf("sealing: doesn't work: %s\n", strerror(why));
		return TOOL_FAILED;
	}
}
