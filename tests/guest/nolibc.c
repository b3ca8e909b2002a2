// SPDX-License-Identifier: GPL-2.0
/*
 * A program that has no libc and makes its calls by hand: seals a page of two, and
 * ends with the number of the first step that went wrong, or 0.
 */
#include <asm/unistd.h>
#include <linux/mman.h>

#define NR_MSEAL	462
#define PAGE		4096L
#define EPERM		1

#ifdef __x86_64__
static long call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "memory", "cc", "rcx", "r11");
	return ret;
}
#else
static long call(long nr, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory", "cc");
	return x0;
}
#endif

static int steps(void)
{
	long at = call(__NR_mmap, 0, 2 * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at < 0 && at > -PAGE)
		return 1;
	if (call(NR_MSEAL, at, PAGE, 0, 0, 0, 0))
		return 2;
	if (call(__NR_munmap, at, PAGE, 0, 0, 0, 0) != -EPERM)
		return 3;
	if (call(__NR_mprotect, at, PAGE, PROT_READ, 0, 0, 0) != -EPERM)
		return 4;
	*(volatile char *)at = 1;
	if (call(__NR_munmap, at + PAGE, PAGE, 0, 0, 0, 0))
		return 5;
	return 0;
}

void _start(void);
void _start(void)
{
	for (;;)
		call(__NR_exit_group, steps(), 0, 0, 0, 0, 0);
}
