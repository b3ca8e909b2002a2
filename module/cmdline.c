// SPDX-License-Identifier: GPL-2.0
/*
 * mseal.disable=1, the way out for a machine that the module keeps from booting.
 * modprobe hands it over as a parameter; insmod doesn't, so the command line is
 * read too.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <asm/setup.h>

#include "cmdline.h"

static bool disable;
module_param(disable, bool, 0444);
MODULE_PARM_DESC(disable, "1: don't load; honoured on the kernel command line as mseal.disable=1");

/*
 * The last of several settings counts, as for any other parameter.  One that
 * can't be understood keeps the module out: modprobe would fail on it, too.
 */
static bool __init disabled_in(char *cmdline)
{
	static const char key[] = "mseal.disable";
	bool off = false;
	char *word;

	while ((word = strsep(&cmdline, " \t\n"))) {
		size_t len = str_has_prefix(word, key);

		if (len && !word[len])
			off = true;
		else if (len && word[len] == '=' &&
			 kstrtobool(word + len + 1, &off))
			off = true;
	}
	return off;
}

/* Where there is no /proc yet, only the parameter counts. */
static bool __init disabled_at_boot(void)
{
	static char line[COMMAND_LINE_SIZE + 1] __initdata;
	struct file *file = filp_open("/proc/cmdline", O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t len;

	if (IS_ERR(file))
		return false;
	len = kernel_read(file, line, COMMAND_LINE_SIZE, &pos);
	filp_close(file, NULL);
	return len > 0 && disabled_in(line);
}

int __init mseal_check_disabled(void)
{
	if (!disable && !disabled_at_boot())
		return 0;
	pr_err("not loading: mseal.disable=1 is set\n");
	return -EPERM;
}
