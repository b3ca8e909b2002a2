// SPDX-License-Identifier: GPL-2.0
/* Memory sealing for kernels without mseal(2): init and exit in order. */
#include <linux/module.h>

#include "dev.h"
#include "hook.h"
#include "mm.h"
#include "cmdline.h"
#include "seal.h"
#include "sealset.h"
#include "serve.h"

static bool ready;		/* all of it is there: the device came last */

static int __init mseal_init(void)
{
	int err;

	err = mseal_check_disabled();
	if (err)
		return err;
	err = sealset_init();
	if (err)
		return err;
	err = mseal_mm_init();
	if (err)
		goto err_sealset;
	err = mseal_hooks_install();
	if (err)
		goto err_hooks;
	err = mseal_selftest();
	if (err)
		goto err_hooks;
	err = mseal_dev_init();
	if (err)
		goto err_hooks;
	pr_info("version %s, %u functions guarded\n", THIS_MODULE->version,
		mseal_hooks_count());
	mseal_serve_begin();
	ready = true;
	return 0;

err_hooks:
	/* Loaded without a device is better than freed while it is called. */
	if (!mseal_hooks_remove())
		return 0;
	mseal_mm_cleanup();
err_sealset:
	sealset_exit();
	return err;
}

static void __exit mseal_exit(void)
{
	/* By force, while there are seals or callers: all holds, the text stays. */
	if (!ready || mseal_mm_count() || mseal_serves())
		mseal_hooks_keep();
	mseal_dev_exit();
	if (!mseal_hooks_remove())
		mseal_hooks_keep();
	mseal_mm_cleanup();
	sealset_exit();
}

module_init(mseal_init);
module_exit(mseal_exit);
MODULE_DESCRIPTION("Memory sealing for kernels without mseal(2)");
MODULE_LICENSE("GPL");
MODULE_VERSION(MSEAL_VERSION);
