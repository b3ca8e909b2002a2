// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "fake.h"
#include "sys.h"

struct fake_kernel fake;
_Thread_local struct mseal_range fake_range;
_Thread_local int fake_fd;

static atomic_int files[FAKE_FILES];

/*
 * Everything here is relaxed: the kernel's bookkeeping must not order the
 * library's memory accesses, or ThreadSanitizer would miss its races.
 */
static int count(atomic_int *counter)
{
	return atomic_fetch_add_explicit(counter, 1, memory_order_relaxed) + 1;
}

void fake_boot(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(files, 0, sizeof(files));
	fake.release = "6.1.0-56-amd64";
	fake.native = -ENOSYS;
	fake.device = FAKE_MSEAL;
	fake.limit = 1024;
	fake.report.abi = MSEAL_ABI_VERSION;
	fake.report.types = MSEAL_T_NATIVE;
	fake.report.state = MSEAL_STATE_LIVE | MSEAL_STATE_NEW_SEALS;
	for (int fd = 0; fd < 3; fd++)
		fake_place(fd, FAKE_PLAIN);
}

void fake_place(int fd, enum fake_file file)
{
	if (fd < 0 || fd >= FAKE_FILES)
		abort();
	atomic_store_explicit(&files[fd], file, memory_order_relaxed);
}

enum fake_file fake_file(int fd)
{
	if (fd < 0 || fd >= FAKE_FILES)
		return FAKE_NONE;
	return atomic_load_explicit(&files[fd], memory_order_relaxed);
}

int fake_count(enum fake_file file)
{
	int n = 0;

	for (int fd = 0; fd < FAKE_FILES; fd++)
		n += fake_file(fd) == file;
	return n;
}

int fake_find(enum fake_file file)
{
	int fd = FAKE_FILES - 1;

	while (fd >= 0 && fake_file(fd) != file)
		fd--;
	return fd;
}

static void enter(void)
{
	int n = count(&fake.calls);

	if (fake.hook && n == fake.hook_at)
		fake.hook();
	errno = EDOM;
}

static int install(enum fake_file file, int least)
{
	for (int fd = least; fd < fake.limit; fd++) {
		int none = FAKE_NONE;

		if (atomic_compare_exchange_strong_explicit(&files[fd], &none, file,
							    memory_order_relaxed,
							    memory_order_relaxed))
			return fd;
	}
	return -EMFILE;
}

static bool is_device(enum fake_file file)
{
	return file == FAKE_MSEAL || file == FAKE_RELOADED;
}

int mseal_sys_open(const char *path)
{
	enter();
	count(&fake.opens);
	while (atomic_load_explicit(&fake.opens, memory_order_relaxed) < fake.crowd)
		sched_yield();
	if (strcmp(path, "/dev/mseal"))
		return -ENOENT;
	return fake.open ? fake.open : install(fake.device, 0);
}

void mseal_sys_close(int fd)
{
	enter();
	if (!is_device(fake_file(fd)) && fake_file(fd) != fake.device)
		count(&fake.foreign);
	fake_place(fd, FAKE_NONE);
}

int mseal_sys_dup(int fd, int least)
{
	enter();
	if (fake_file(fd) == FAKE_NONE)
		return -EBADF;
	return least >= fake.limit ? -EINVAL : install(fake_file(fd), least);
}

int mseal_sys_identify(int fd, struct mseal_identity *id)
{
	enum fake_file file = fake_file(fd);

	enter();
	if (file == FAKE_NONE)
		return -EBADF;
	if (file == FAKE_PLAIN)
		return -ENOTTY;
	/*
	 * Each differs from the device in one field alone: a module that was
	 * loaded anew, another driver that got the device's number, another
	 * driver whose node got the inode's.
	 */
	id->dev = file == FAKE_YES ? 6 : 5;
	id->ino = file == FAKE_RELOADED ? 101 : 100;
	id->rdev = file == FAKE_CHAR ? 0x103 : 0xa7b;
	return 0;
}

int mseal_sys_ioctl(int fd, unsigned long request, void *arg)
{
	enum fake_file file;

	enter();
	file = fake_file(fd);
	if (file == FAKE_NONE)
		return -EBADF;
	if (!is_device(file)) {
		count(&fake.foreign);
		return file == FAKE_YES ? 0 : -ENOTTY;
	}
	if (request == MSEAL_IOC_INFO) {
		uint32_t size = ((struct mseal_info *)arg)->size;

		count(&fake.infos);
		if (size != sizeof(struct mseal_info))
			return -EINVAL;
		memcpy(arg, &fake.report, size);
		return fake.info;
	}
	if (request != MSEAL_IOC_SEAL)
		return -ENOTTY;
	count(&fake.seals);
	memcpy(&fake_range, arg, sizeof(fake_range));
	fake_fd = fd;
	return fake.seal;
}

size_t mseal_sys_page_size(void)
{
	enter();
	return 4096;
}

int mseal_sys_uname(struct utsname *name)
{
	enter();
	memset(name, 0, sizeof(*name));
	strncpy(name->release, fake.release ? fake.release : "6.12.0",
		sizeof(name->release) - 1);
	return fake.release ? 0 : -EFAULT;
}

int mseal_sys_mseal(void *addr, size_t len, unsigned long flags)
{
	enter();
	count(&fake.natives);
	fake_range.addr = (uintptr_t)addr;
	fake_range.len = len;
	fake_range.flags = flags;
	return fake.native;
}
