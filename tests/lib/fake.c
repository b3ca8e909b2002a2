// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "fake.h"
#include "sys.h"

struct fake_kernel fake;
_Thread_local struct mseal_range fake_range;
_Thread_local int fake_fd;
_Thread_local struct mseal_query fake_query;

static atomic_int files[FAKE_FILES];
static atomic_int offsets[FAKE_FILES];

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
	fake.child = 1;
	fake.device = FAKE_MSEAL;
	fake.limit = 1024;
	fake.smaps = "";
	fake.pid = "77";
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
							    memory_order_relaxed)) {
			atomic_store_explicit(&offsets[fd], 0, memory_order_relaxed);
			return fd;
		}
	}
	return -EMFILE;
}

static bool is_device(enum fake_file file)
{
	return file == FAKE_MSEAL || file == FAKE_RELOADED;
}

static int open_proc(const char *path)
{
	static const char info[] = "thread-self/fdinfo/";

	if (!fake.smaps)
		return -ENOENT;
	if (!strncmp(path, info, strlen(info))) {
		enum fake_file file = fake_file(atoi(path + strlen(info)));

		if (file == FAKE_NONE)
			return -ENOENT;
		return install(file == FAKE_PIDFD ? FAKE_PIDINFO : FAKE_FDINFO, 0);
	}
	if (fake.opens_smaps)
		return fake.opens_smaps;
	if (!strcmp(path, "thread-self/smaps"))
		return install(FAKE_SMAPS, 0);
	return strcmp(path, "77/smaps") ? -ENOENT : install(FAKE_THEIRS, 0);
}

static void text_of(enum fake_file file, char *text, size_t size)
{
	snprintf(text, size, "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1\n");
	if (file == FAKE_PIDINFO)
		snprintf(text + strlen(text), size - strlen(text),
			 "Pid:\t%s\nNSpid:\t4711\n", fake.pid);
}

static int read_at(const char *text, int at, char *buf, size_t len)
{
	size_t size = strlen(text);

	if (fake.read_from && (size_t)fake.read_from < size)
		size = (size_t)fake.read_from;
	if (fake.chunk && len > (size_t)fake.chunk)
		len = (size_t)fake.chunk;
	if ((size_t)at >= size)
		return fake.read;
	if (len > size - (size_t)at)
		len = size - (size_t)at;
	memcpy(buf, text + at, len);
	return (int)len;
}

/* An address space that has ended is not to be read from the beginning either. */
int mseal_sys_read(int fd, void *buf, size_t len)
{
	enum fake_file file = fake_file(fd);
	char info[128];
	int at, ret;

	enter();
	at = atomic_load_explicit(&offsets[fd], memory_order_relaxed);
	if (file == FAKE_SMAPS || file == FAKE_THEIRS) {
		ret = fake.gone && fake.gone <= count(&fake.reads) ? 0 :
		      read_at(fake.smaps, at, buf, len);
	} else if (file == FAKE_FDINFO || file == FAKE_PIDINFO) {
		text_of(file, info, sizeof(info));
		ret = read_at(info, at, buf, len);
	} else {
		count(&fake.foreign);
		return -EBADF;
	}
	if (ret > 0)
		atomic_fetch_add_explicit(&offsets[fd], ret, memory_order_relaxed);
	return ret;
}

int mseal_sys_rewind(int fd)
{
	enter();
	if (fake_file(fd) != FAKE_SMAPS && fake_file(fd) != FAKE_THEIRS)
		count(&fake.foreign);
	atomic_store_explicit(&offsets[fd], 0, memory_order_relaxed);
	return 0;
}

/* Whatever isn't a process can be read, so it seems to have ended. */
int mseal_sys_ended(int pidfd)
{
	enter();
	if (fake_file(pidfd) == FAKE_NONE)
		return -EBADF;
	if (fake_file(pidfd) != FAKE_PIDFD)
		return 1;
	return fake.ended && fake.ended <= count(&fake.lives);
}

int mseal_sys_open(const char *path)
{
	static const char proc[] = "/proc/";

	enter();
	if (!strncmp(path, proc, strlen(proc)))
		return open_proc(path + strlen(proc));
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
	if (!is_device(fake_file(fd)) && fake_file(fd) != fake.device &&
	    fake_file(fd) < FAKE_SMAPS)
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
	enum fake_file file;

	enter();
	file = fake_file(fd);
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

/* As the device, of one process alone. */
static int query(struct mseal_query *q)
{
	struct mseal_record *to = (struct mseal_record *)(uintptr_t)q->records;
	uint32_t nr = 0;

	count(&fake.queries);
	fake_query = *q;
	for (unsigned int i = 0; i < fake.nr_sealed && nr < q->nr; i++) {
		if (fake.sealed[i].end <= q->addr)
			continue;
		to[nr] = fake.sealed[i];
		if (to[nr].start < q->addr)
			to[nr].start = q->addr;
		nr++;
	}
	if (!fake.query)
		q->nr = nr;
	return fake.query;
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
	if (request == MSEAL_IOC_QUERY)
		return query(arg);
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

bool mseal_sys_filtered(void)
{
	enter();
	return fake.filtered;
}

int mseal_sys_child_mseal(void)
{
	enter();
	count(&fake.children);
	return fake.child;
}
