// SPDX-License-Identifier: GPL-2.0
/*
 * Is this the kernel that the hooks were written for?  Its version tells little:
 * distributions backport, and a handler that takes the wrong argument for a range
 * lets everything pass.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/mseal_dev.h>
#include <linux/slab.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>

#include "compat/kernels.h"
#include "kernel.h"
#include "prototype.h"

/* Some kernels don't tell modules where their BTF is in memory. */
#define KERNEL_BTF	"/sys/kernel/btf/vmlinux"
/* Several times what any kernel has. */
#define MAX_BTF		(64UL << 20)

static bool untested;
module_param(untested, bool, 0444);
MODULE_PARM_DESC(untested, "1: load on kernels on which nobody has run the tests");

static bool unchecked;
module_param(unchecked, bool, 0444);
MODULE_PARM_DESC(unchecked, "1: load even if the functions to be hooked can't be shown to be what is expected");

static u64 state;		/* written while the module loads */

u64 mseal_kernel_state(void)
{
	return state;
}

int mseal_check_line(void)
{
	if (mseal_kernel_tested())
		return 0;
	if (!untested) {
		pr_err("not loading: no test has been run on this line of kernels, %s (untested=1 overrides)\n",
		       utsname()->release);
		return -ENODEV;
	}
	pr_warn("UNTESTED: no test has been run on this line of kernels, %s\n",
		utsname()->release);
	state |= MSEAL_STATE_UNTESTED;
	return 0;
}

/* Says what is wrong; @err unless the administrator won't have it matter. */
static __printf(2, 3) int object(int err, const char *format, ...)
{
	struct va_format what = { .fmt = format };
	va_list args;

	va_start(args, format);
	what.va = &args;
	if (unchecked)
		pr_warn("UNCHECKED: %pV\n", &what);
	else
		pr_err("not loading: %pV (unchecked=1 overrides)\n", &what);
	va_end(args);
	if (!unchecked)
		return err;
	state |= MSEAL_STATE_UNCHECKED;
	return 0;
}

static ssize_t read_all(struct file *file, char *data, size_t size)
{
	loff_t pos = 0;
	ssize_t len;

	while (pos < size) {
		len = kernel_read(file, data + pos, size - pos, &pos);
		if (len < 0)
			return len;
		if (!len)
			break;
	}
	return pos;
}

/* Returns what is to be given to vfree(). */
static void *read_btf(size_t *size)
{
	struct file *file = filp_open(KERNEL_BTF, O_RDONLY, 0);
	ssize_t len = -EFBIG;
	void *data = NULL;

	if (IS_ERR(file))
		return file;
	*size = i_size_read(file_inode(file));
	if (*size > MAX_BTF)
		goto out;
	len = -ENOMEM;
	data = vmalloc(*size ?: 1);
	if (!data)
		goto out;
	len = read_all(file, data, *size);
out:
	filp_close(file, NULL);
	if (len == *size)
		return data;
	vfree(data);
	return ERR_PTR(len < 0 ? len : -EIO);
}

static int look_up(struct mseal_prototype *functions, unsigned int nr)
{
	struct mseal_btf *btf;
	size_t size;
	void *data;
	int err;

	data = read_btf(&size);
	if (IS_ERR(data))
		return PTR_ERR(data);
	err = -ENOMEM;
	btf = kmalloc(sizeof(*btf), GFP_KERNEL);
	if (!btf)
		goto err_data;
	err = mseal_btf_open(btf, data, size);
	if (!err)
		err = mseal_prototypes(btf, functions, nr);
	kfree(btf);
err_data:
	vfree(data);
	return err;
}

static int check_one(const struct mseal_prototype *function,
		     const char *expected)
{
	if (function->err == -ENOENT)
		return object(-ENODEV, "%s() isn't in the kernel's BTF",
			      function->name);
	if (function->err == -ENOTUNIQ)
		return object(-ENODEV, "%s() has several prototypes in the kernel's BTF",
			      function->name);
	if (!mseal_prototype_matches(function, expected))
		return object(-ENODEV, "%s() is \"%s\", its hook expects \"%s\"",
			      function->name, function->text, expected);
	return 0;
}

int mseal_check_prototypes(struct mseal_prototype *functions,
			   const char *const *expected, unsigned int nr,
			   unsigned int more)
{
	unsigned int i;
	int err;

	err = look_up(functions, nr + more);
	if (err)
		return object(err, "can't read the kernel's BTF in %s (error %d)",
			      KERNEL_BTF, err);
	for (i = 0; i < nr; i++) {
		err = check_one(&functions[i], expected[i]);
		if (err)
			return err;
	}
	return 0;
}
