// SPDX-License-Identifier: GPL-2.0
/* The interface of /dev/mseal, as linux/mseal_dev.h specifies it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "device.h"
#include "expect.h"
#ifdef __x86_64__
#include "i386.h"
#endif
#include "mem.h"
#include "proc.h"
#include "report.h"
#include "sealer.h"

_Static_assert(sizeof(struct mseal_range) == 40, "mseal_range is an ABI");
_Static_assert(sizeof(struct mseal_info) == 112, "mseal_info is an ABI");
_Static_assert(sizeof(struct mseal_hook) == 72, "mseal_hook is an ABI");

#define SIZE		sizeof(struct mseal_range)
#define INFO_VER1	88
#define FULL		MSEAL_T_NATIVE
#define UNKNOWN		(1ULL << 63)

/* What differs from a call that is in order. */
static const struct field_row {
	const char *name;
	struct mseal_range add;		/* added to each field */
	unsigned long types;
	int want;
} field_rows[] = {
	{ "in order", {}, FULL, 0 },
	{ "reserved", { .reserved = 1 }, FULL, EINVAL },
	{ "flag bit 0", { .flags = 1 }, FULL, EINVAL },
	{ "flag bit 32", { .flags = 1ULL << 32 }, FULL, EINVAL },
	{ "flag bit 63", { .flags = 1ULL << 63 }, FULL, EINVAL },
	{ "no type", {}, 0, EINVAL },
	{ "only what to do with types", {}, MSEAL_T_REPORT, EINVAL },
	{ "unknown type bit 10", {}, FULL | 1 << 10, EOPNOTSUPP },
	{ "unknown type bit 32", {}, FULL | 1ULL << 32, EOPNOTSUPP },
	{ "unknown type bit 63", {}, FULL | 1ULL << 63, EOPNOTSUPP },
	{ "unknown type alone", {}, UNKNOWN, EOPNOTSUPP },
	{ "unknown type to report", {}, UNKNOWN | MSEAL_T_REPORT, EOPNOTSUPP },
	{ "all types in force", {}, FULL | MSEAL_T_FREEZE | MSEAL_T_UPGRADE |
	  MSEAL_T_OVER | MSEAL_T_DISCARD_ALL, 0 },
	{ "unaligned", { .addr = 1 }, FULL, EINVAL },
	{ "length rounds to 0", { .len = -4097ULL }, FULL, EINVAL },
	{ "range wraps", { .len = -12288ULL }, FULL, EINVAL },
	{ "length 0", { .len = -4096ULL }, FULL, 0 },
	{ "hole", { .len = 8192 }, FULL, ENOMEM },
	/* The order of the checks. */
	{ "flags before missing type", { .flags = 1 }, UNKNOWN, EINVAL },
	{ "no type before length 0", { .len = -4096ULL }, 0, EINVAL },
	{ "flags before length 0", { .len = -4096ULL, .flags = 1 }, FULL, EINVAL },
	{ "unknown type before address", { .addr = 1 }, UNKNOWN, EOPNOTSUPP },
	{ "unknown type before wrap", { .len = -12288ULL }, UNKNOWN, EOPNOTSUPP },
	{ "unknown type before length 0", { .len = -4096ULL }, UNKNOWN, EOPNOTSUPP },
	{ "unknown type before hole", { .len = 8192 }, UNKNOWN, EOPNOTSUPP },
	{ "address before length 0", { .addr = 1, .len = -4096ULL }, FULL, EINVAL },
	{ "address before hole", { .addr = 1, .len = 8192 }, FULL, EINVAL },
	{ "no type before hole", { .len = 8192 }, 0, EINVAL },
};

static void fields(int row)
{
	const struct field_row *f = &field_rows[row];
	struct mseal_range range = device_range();
	bool seals = !f->want && !f->add.len;

	layout_map(arena, "ww");
	range.reserved += f->add.reserved;
	range.addr += f->add.addr;
	range.len += f->add.len;
	range.flags += f->add.flags;
	range.types = f->types;
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, &range, f->want);
	layout_expect_sealed(arena, seals ? "Ww" : "ww");
	ck_assert_int_eq(munmap(arena, 2 * page), seals ? -1 : 0);
}

static const struct size_row {
	const char *name;
	__u32 size;
	int dirty;		/* byte behind the structure that isn't 0; 0: none */
	int want;
} size_rows[] = {
	{ "0", 0, 0, EINVAL },
	{ "4", 4, 0, EINVAL },
	{ "one byte short", SIZE - 1, 0, EINVAL },
	{ "one byte short, dirty", SIZE - 1, SIZE, EINVAL },
	{ "exact", SIZE, 0, 0 },
	{ "exact, dirty behind", SIZE, SIZE, 0 },
	{ "longer", SIZE + 8, 0, 0 },
	{ "longer by a byte, dirty", SIZE + 1, SIZE, E2BIG },
	{ "longer, last byte dirty", SIZE + 8, SIZE + 7, E2BIG },
	{ "longer, dirty behind", SIZE + 8, SIZE + 8, 0 },
	{ "a page", 4096, 0, 0 },
	{ "a page, last byte dirty", 4096, 4095, E2BIG },
	{ "a page and a byte", 4097, 0, E2BIG },
	{ "greatest", 0xffffffff, 0, E2BIG },
};

static void sizes(int row)
{
	const struct size_row *r = &size_rows[row];
	static char bytes[8192];
	struct mseal_range range = device_range();

	layout_map(arena, "w");
	range.size = r->size;
	memcpy(bytes, &range, sizeof(range));
	if (r->dirty)
		bytes[r->dirty] = 1;
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, bytes, r->want);
	layout_expect_sealed(arena, r->want ? "w" : "W");
}

/* The same steps around the ends of the first structure and of the present one. */
static void info_sizes(int row)
{
	const struct size_row *r = &size_rows[row];
	size_t more = (r->size < SIZE ? INFO_VER1 : sizeof(struct mseal_info)) - SIZE;
	bool near = r->size >= SIZE - 1 && r->size < 4096;
	static char bytes[8192];
	struct mseal_info *info = (struct mseal_info *)bytes;

	info->size = near ? r->size + more : r->size;
	if (r->dirty)
		bytes[near ? r->dirty + more : (size_t)r->dirty] = 1;
	device_expect(sealer_fd(), MSEAL_IOC_INFO, bytes, r->want);
	ck_assert_int_eq(info->abi, r->want ? 0 : MSEAL_ABI_VERSION);
}

/* The structure lies so that only this much of it can be read. */
static const struct cut_row {
	const char *name;
	size_t readable;
	__u32 size;
	int want;
} cut_rows[] = {
	{ "nothing", 0, SIZE, EFAULT },
	{ "a part of the size", 2, SIZE, EFAULT },
	{ "the size alone", 4, SIZE, EFAULT },
	{ "all but a byte", SIZE - 1, SIZE, EFAULT },
	{ "all but a byte of the tail", SIZE + 7, SIZE + 8, EFAULT },
	{ "no tail", SIZE, SIZE + 8, EFAULT },
	{ "a size that is too small", 4, 4, EINVAL },
	{ "a size that is too large", 4, 4097, E2BIG },
	{ "everything", SIZE, SIZE, 0 },
};

static void cut_short(int row)
{
	const struct cut_row *c = &cut_rows[row];
	char bytes[SIZE + 8] = "";
	struct mseal_range range = device_range();
	char *at = arena + 4 * page - c->readable;

	layout_map(arena, "w..w");
	range.size = c->size;
	memcpy(bytes, &range, sizeof(range));
	memcpy(at, bytes, c->readable);
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, at, c->want);
	layout_expect_sealed(arena, c->want ? "w" : "W");
}

static void bad_pointers(int row)
{
	static const unsigned long pointers[] = {
		0, 1, 4095, -1UL, -4096UL, 0xffff888000000000, 0xffffffff81000000,
		0x0000800000000000, 0x8000000000000000,
	};
	size_t i;

	(void)row;
	for (i = 0; i < ARRAY_SIZE(pointers); i++) {
		device_expect(sealer_fd(), MSEAL_IOC_SEAL, (void *)pointers[i], EFAULT);
		device_expect(sealer_fd(), MSEAL_IOC_INFO, (void *)pointers[i], EFAULT);
	}
}

/* A tag is ignored in the structure, in a pointer to it only on request. */
static void tagged_pointer(int row)
{
	struct mseal_range range = device_range();
	void *tagged = (void *)((unsigned long)&range | 0xa5UL << 56);

	(void)row;
	layout_map(arena, "ww");
	range.addr |= 0xa5UL << 56;
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, tagged, EFAULT);
	if (prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE, 0, 0, 0))
		skip("no tagged pointers (%s)", strerror(errno));
	layout_expect_sealed(arena, "ww");
	device_expect(sealer_fd(), MSEAL_IOC_SEAL, tagged, 0);
	layout_expect_sealed(arena, "Ww");
}

static void unknown_calls(int row)
{
	struct mseal_range range = device_range();
	static const unsigned long others[] = {
		_IO('T', 1), _IO(0xBA, 1), _IO(0xBC, 1), _IOR(0xBB, 1, __u32),
		_IOW(0xBB, 1, struct mseal_range), _IOWR(0xBB, 0, struct mseal_info),
		0, 0xffffffff, 1,
	};
	unsigned long nr;
	size_t i;

	(void)row;
	layout_map(arena, "w");
	for (nr = 3; nr < 256; nr++)
		device_expect(sealer_fd(), _IO(0xBB, nr), &range, ENOTTY);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		device_expect(sealer_fd(), others[i], &range, ENOTTY);
	layout_expect_sealed(arena, "w");
}

static void not_a_file(int row)
{
	char byte = 0;

	(void)row;
	ck_assert_int_eq(read(sealer_fd(), &byte, 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(write(sealer_fd(), &byte, 1), -1);
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_int_eq(lseek(sealer_fd(), 0, SEEK_SET), -1);
	ck_assert_int_eq(errno, ESPIPE);
	ck_assert_ptr_eq(mmap(NULL, page, PROT_READ, MAP_SHARED, sealer_fd(), 0),
			 MAP_FAILED);
	ck_assert_int_eq(errno, ENODEV);
}

static const struct mode_row {
	const char *name;
	int flags;
} mode_rows[] = {
	{ "read only", O_RDONLY }, { "write only", O_WRONLY }, { "both", O_RDWR },
};

static void open_modes(int row)
{
	int fd = open(MSEAL_DEVICE, mode_rows[row].flags | O_CLOEXEC);
	struct mseal_range range = device_range();

	ck_assert_int_ge(fd, 0);
	layout_map(arena, "w");
	device_expect(fd, MSEAL_IOC_SEAL, &range, 0);
	expect_refused(arena);
}

static void seal_as_nobody(void *arg)
{
	struct mseal_range range = device_range();
	int fd;

	(void)arg;
	ck_assert_int_eq(setresuid(65534, 65534, 65534), 0);
	fd = open(MSEAL_DEVICE, O_RDWR | O_CLOEXEC);
	ck_assert_msg(fd >= 0, "%s: %s", MSEAL_DEVICE, strerror(errno));
	device_expect(fd, MSEAL_IOC_SEAL, &range, 0);
	expect_refused(arena);
}

static void for_everybody(int row)
{
	struct stat st;

	(void)row;
	ck_assert_int_eq(stat(MSEAL_DEVICE, &st), 0);
	ck_assert(S_ISCHR(st.st_mode));
	ck_assert_int_eq(st.st_mode & 0777, 0666);
	layout_map(arena, "w");
	if (geteuid())
		skip("not root, so it can't become another user");
	in_child(seal_as_nobody, NULL);
}

#ifdef __x86_64__
static void from_32_bits(int row)
{
	(void)row;
	i386_run("ioctls");
}
#endif

static const struct test_case cases[] = {
	ROWS(fields, field_rows),
	ROWS(sizes, size_rows),
	ROWS(info_sizes, size_rows),
	ROWS(cut_short, cut_rows),
	CASE(bad_pointers),
	CASE(tagged_pointer),
	CASE(unknown_calls),
	CASE(not_a_file),
	ROWS(open_modes, mode_rows),
	CASE(for_everybody),
#ifdef __x86_64__
	CASE(from_32_bits),
#endif
};

SUITE(device, cases, ENTRY_USUAL);
