// SPDX-License-Identifier: GPL-2.0
/* The kernel and the rest of the module, as far as they answer the device. */
#include "broken.h"
#include "dev.h"
#include "guards.h"
#include "ioctl_world.h"
#include "kernel.h"
#include "mm.h"
#include "query.h"
#include "refusal.h"
#include "seal.h"
#include "sealset.h"
#include "serve.h"

struct world world;

static struct mm_struct mm;
static struct task_struct task = { .mm = &mm };
struct task_struct *current = &task;
struct module this_module = { .version = "1.2.3" };
struct mseal_guard mseal_guards[MSEAL_NR_GUARDS];

static const struct file_operations *fops;

bool user_there(unsigned long addr, size_t len)
{
	return addr >= USER_START && addr <= USER_END && len <= USER_END - addr;
}

static unsigned char *user_at(const void *at)
{
	return world.user + ((unsigned long)at - USER_START);
}

int user_read(void *dst, const void *src, size_t len)
{
	if (!user_there((unsigned long)src, len))
		return -EFAULT;
	memcpy(dst, user_at(src), len);
	return 0;
}

int user_write(void *dst, const void *src, size_t len)
{
	if (!user_there((unsigned long)dst, len))
		return -EFAULT;
	memcpy(user_at(dst), src, len);
	return 0;
}

int copy_struct_from_user(void *dst, size_t known, const void *src, size_t size)
{
	const char *behind = (const char *)src + known;
	char byte;

	for (; behind < (const char *)src + size; behind++) {
		if (user_read(&byte, behind, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	memset(dst, 0, known);
	return user_read(dst, src, size < known ? size : known) ? -EFAULT : 0;
}

int strscpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (len >= size)
		broken("%s: no room for it", src);
	memcpy(dst, src, len + 1);
	return (int)len;
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	return 0;
}

long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return fops->unlocked_ioctl(file, cmd, (u32)arg);
}

int misc_register(struct miscdevice *misc)
{
	fops = misc->fops;
	return 0;
}

void misc_deregister(struct miscdevice *misc)
{
	fops = NULL;
}

static bool page_mapped(unsigned long nr)
{
	return nr < SPACE_PAGES && world.mapped >> nr & 1;
}

bool world_mapped(unsigned long addr)
{
	return page_mapped((addr - SPACE_START) / PAGE_SIZE) ||
	       (addr >= HUGE_START && addr < HUGE_END);
}

/* Each page of the small ones is a mapping of its own, and so is the huge pair. */
struct vm_area_struct *find_vma(struct mm_struct *from, unsigned long addr)
{
	static struct vm_area_struct found;
	unsigned long nr;

	mmap_assert_write_locked(from);
	for (nr = 0; nr < SPACE_PAGES; nr++) {
		unsigned long start = SPACE_START + nr * PAGE_SIZE;

		found = (struct vm_area_struct){ start, start + PAGE_SIZE, PAGE_SIZE };
		if (page_mapped(nr) && addr < found.vm_end)
			return &found;
	}
	found = (struct vm_area_struct){ HUGE_START, HUGE_END, HUGE_BYTES };
	return addr < HUGE_END ? &found : NULL;
}

int mmap_write_lock_killable(struct mm_struct *of)
{
	if (of->locked)
		broken("locked twice");
	if (world.dying)
		return -EINTR;
	of->locked = true;
	return 0;
}

void mmap_write_unlock(struct mm_struct *of)
{
	mmap_assert_write_locked(of);
	of->locked = false;
}

void mmap_assert_write_locked(struct mm_struct *of)
{
	if (!of->locked)
		broken("not locked");
}

void mseal_hooks_fail(const char *why)
{
	if (world.live)
		broken("no new seals: %s", why);
}

bool mseal_hooks_live(void)
{
	return world.live;
}

bool mseal_serves(void)
{
	return world.serves;
}

void mseal_refused(enum mseal_op op, struct mm_struct *of, unsigned long start,
		   unsigned long end)
{
	mmap_assert_write_locked(of);
	if (op != MSEAL_OP_SEAL)
		broken("operation %d refused", op);
	world.refused++;
}

void mseal_reported(enum mseal_op op, struct mm_struct *of, unsigned long start,
		    unsigned long end)
{
	broken("operation %d reported", op);
}

void mseal_trace_sealed(unsigned long start, unsigned long end, u64 types)
{
	if (mm.locked)
		broken("traced under the lock");
	world.traced++;
}

void mseal_count_of(enum mseal_op op, struct mseal_count *count)
{
	*count = world_count(op);
}

struct mseal_count world_count(unsigned int op)
{
	return (struct mseal_count){ "an operation", 70 + op, 80 + op };
}

unsigned long mseal_refusals(void)
{
	return 77;
}

unsigned long mseal_reports(void)
{
	return 88;
}

u64 mseal_kernel_state(void)
{
	return MSEAL_STATE_UNCHECKED;
}

unsigned long mseal_mm_count(void)
{
	return 5;
}

unsigned long sealset_total(void)
{
	return 6;
}

static char prepared_space, settled_space;

static void expect_settled(const struct mseal_space *space)
{
	mmap_assert_write_locked(&mm);
	if (space != (struct mseal_space *)&settled_space)
		broken("not the space that counts");
}

struct mseal_space *mseal_space_prepare(struct mm_struct *of)
{
	if (of->locked)
		broken("a space made ready under the lock");
	if (world.prepare_err)
		return ERR_PTR(world.prepare_err);
	return (struct mseal_space *)&prepared_space;
}

void mseal_space_release(struct mseal_space *prepared)
{
	if (mm.locked)
		broken("a space given back under the lock");
	if (prepared != (struct mseal_space *)&prepared_space)
		broken("another space given back");
	world.given_back++;
}

struct mseal_space *mseal_space_settle(struct mseal_space *prepared)
{
	mmap_assert_write_locked(&mm);
	if (prepared != (struct mseal_space *)&prepared_space)
		broken("sealed with what isn't ready");
	return (struct mseal_space *)&settled_space;
}

bool mseal_space_has(const struct mseal_space *space, unsigned long start,
		     unsigned long end, u64 types)
{
	expect_settled(space);
	return world.sealed;
}

u64 mseal_space_types(const struct mseal_space *space, unsigned long start,
		      unsigned long end)
{
	expect_settled(space);
	return world.frozen ? MSEAL_T_FREEZE : 0;
}

bool mseal_space_lacks(const struct mseal_space *space, unsigned long start,
		       unsigned long end, u64 having, u64 types)
{
	expect_settled(space);
	return world.frozen && having == MSEAL_T_FREEZE;
}

int mseal_space_add(struct mseal_space *space, unsigned long start,
		    unsigned long end, u64 types, unsigned int max)
{
	expect_settled(space);
	if (max != MAX_RANGES)
		broken("sealed with another limit");
	if (world.add_err)
		return world.add_err;
	world.added++;
	world.start = start;
	world.end = end;
	world.types = types;
	return 0;
}

int mseal_query(int pidfd, u64 addr, struct mseal_record *records, u32 *nr)
{
	u32 i, n = *nr < NR_RECORDS ? *nr : NR_RECORDS;

	if (pidfd != MSEAL_QUERY_SELF)
		return -EBADF;
	if (world.query_err)
		return world.query_err;
	for (i = 0; i < n; i++) {
		struct mseal_record record = { .start = addr, .end = i };

		if (user_write(&records[i], &record, sizeof(record)))
			return -EFAULT;
	}
	*nr = n;
	return 0;
}

/* As a kernel does that lacks some of the functions. */
bool hook_missing(unsigned int nr)
{
	return nr % 4 == 3;
}

static void place_hooks(void)
{
	unsigned int i;

	for (i = 0; i < MSEAL_NR_GUARDS; i++)
		mseal_guards[i] = (struct mseal_guard){
			.function = "a_function",
			.name = "a guard",
			.addr = hook_missing(i) ? 0 : 1,
			.refusals = { i },
		};
}

long world_call(unsigned int cmd, unsigned long arg)
{
	long ret;

	if (!fops) {
		place_hooks();
		mseal_dev_init();
	}
	mseal_new_seals = world.new_seals;
	mseal_max_ranges = MAX_RANGES;
	world.added = world.given_back = world.refused = world.traced = 0;
	ret = fops->unlocked_ioctl(NULL, cmd, arg);
	if (mm.locked)
		broken("still locked");
	return ret;
}
