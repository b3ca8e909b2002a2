/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as dev.c and seal.c see, ahead of every source; the
 * headers that they include besides are empty.
 */
#ifndef _FUZZ_IOCTL_KERNEL_H
#define _FUZZ_IOCTL_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>
#include <stddef.h>
#include <string.h>

typedef __u32 u32;

#define __user
#define __must_check
#define __noreturn			_Noreturn
#define static_assert(condition)	_Static_assert(condition, #condition)
#define min_t(type, a, b)		((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define pr_err_once(...)		((void)0)

#define PAGE_SIZE		4096ul
#define PAGE_ALIGN(x)		(((x) + PAGE_SIZE - 1) & -PAGE_SIZE)
#define IS_ALIGNED(x, size)	(!((x) & ((size) - 1)))
#define PAGE_ALIGNED(x)		IS_ALIGNED(x, PAGE_SIZE)
#define untagged_addr(addr)	(addr)

#define IS_ERR(p)		((unsigned long)(p) >= -4095ul)
#define PTR_ERR(p)		((int)(long)(p))
#define ERR_PTR(err)		((void *)(long)(err))

/* User memory: what lies at these addresses is for copies only. */
int user_read(void *dst, const void *src, size_t len);
int user_write(void *dst, const void *src, size_t len);
int copy_struct_from_user(void *dst, size_t known, const void *src, size_t size);
#define copy_from_user(dst, src, len)	user_read(dst, src, len)
#define copy_to_user(dst, src, len)	user_write(dst, src, len)
#define get_user(x, p)		(user_read(&(x), p, sizeof(*(p))) ? -EFAULT : 0)
#define put_user(x, p)							\
({									\
	__typeof__(*(p)) value_ = (x);					\
									\
	user_write(p, &value_, sizeof(value_)) ? -EFAULT : 0;		\
})
#define u64_to_user_ptr(x)	((void *)(unsigned long)(x))

int strscpy(char *dst, const char *src, size_t size);

struct module {
	const char *version;
};
extern struct module this_module;
#define THIS_MODULE		(&this_module)
#define module_param_named(name, variable, type, mode)
#define MODULE_PARM_DESC(name, text)

struct file;
struct inode;
struct file_operations {
	struct module *owner;
	int (*open)(struct inode *inode, struct file *file);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd,
			       unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd,
			     unsigned long arg);
};
int nonseekable_open(struct inode *inode, struct file *file);
long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	unsigned short mode;
};
#define MISC_DYNAMIC_MINOR	255
int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

struct vm_area_struct {
	unsigned long vm_start, vm_end, pagesize;
};
#define vma_kernel_pagesize(vma)	((vma)->pagesize)

struct mm_struct {
	int locked;
};
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);

#define MSEAL_HAVE_VMA_ITERATOR
struct vma_iterator {
	struct mm_struct *mm;
	unsigned long addr;
};
#define VMA_ITERATOR(name, mm, addr)	struct vma_iterator name = { mm, addr }
static inline struct vm_area_struct *vma_next(struct vma_iterator *vmi)
{
	struct vm_area_struct *vma = find_vma(vmi->mm, vmi->addr);

	if (vma)
		vmi->addr = vma->vm_end;
	return vma;
}

int mmap_write_lock_killable(struct mm_struct *mm);
void mmap_write_unlock(struct mm_struct *mm);
void mmap_assert_write_locked(struct mm_struct *mm);

struct task_struct {
	struct mm_struct *mm;
};
extern struct task_struct *current;

/* For the module's own headers. */
#define _MSEAL_COMPAT_H
#define mseal_fregs			ftrace_regs
#define DECLARE_STATIC_KEY_FALSE(name)	extern int name
#define static_branch_unlikely(key)	(*(key))
#define hlist_empty(head)		(!(head)->first)
#define hash_long(x, bits)		((x) >> (64 - (bits)))
struct hlist_head {
	void *first;
};
struct ftrace_regs;
struct mseal_mm_range;
struct ftrace_ops {
	void *func;
};

#endif /* _FUZZ_IOCTL_KERNEL_H */
