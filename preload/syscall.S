/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * syscall(): number 462 is the library's business, any other goes to the kernel
 * as it came, with six arguments, whatever they are and however many were meant.
 *
 * In assembly, because what is passed on must find the stack as libc's function
 * leaves it: the child of a clone() returns on a stack of its own.  And not
 * through libc's function, since looking that up takes locks and memory, while
 * syscall() may be called by a signal handler, or before any constructor.
 * Described to unwinders, as a thread may be cancelled inside.
 *
 * preload_pass() is the same without the exception, for the library itself.
 */
#include "number.h"

#define LEAST_ERROR	-4095

	.hidden	preload_pass, preload_seal, preload_fail
	.globl	syscall, preload_pass
	.type	syscall, %function
	.type	preload_pass, %function

	.text

#if defined(__x86_64__) && !defined(__ILP32__)
#include <cet.h>

syscall:
	.cfi_startproc
	_CET_ENDBR
	cmpq	$NR_MSEAL, %rdi
	je	preload_seal
preload_pass:
	_CET_ENDBR
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	movq	%r9, %r8
	movq	8(%rsp), %r9
	syscall
	cmpq	$LEAST_ERROR, %rax
	jae	1f
	ret
1:	movq	%rax, %rdi
	jmp	preload_fail

#elif defined(__i386__)
#include <cet.h>

/* Above what is saved there is the address to return to. */
#define ARGUMENT(n)	(16 + 4 + 4 * (n))(%esp)

syscall:
	.cfi_startproc
	_CET_ENDBR
	cmpl	$NR_MSEAL, 4(%esp)
	je	preload_seal
preload_pass:
	_CET_ENDBR
	pushl	%ebp
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	pushl	%edi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edi, 0
	pushl	%esi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset esi, 0
	pushl	%ebx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebx, 0
	movl	ARGUMENT(0), %eax
	movl	ARGUMENT(1), %ebx
	movl	ARGUMENT(2), %ecx
	movl	ARGUMENT(3), %edx
	movl	ARGUMENT(4), %esi
	movl	ARGUMENT(5), %edi
	movl	ARGUMENT(6), %ebp
	int	$0x80
	popl	%ebx
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebx
	popl	%esi
	.cfi_adjust_cfa_offset -4
	.cfi_restore esi
	popl	%edi
	.cfi_adjust_cfa_offset -4
	.cfi_restore edi
	popl	%ebp
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebp
	cmpl	$LEAST_ERROR, %eax
	jae	1f
	ret
1:	movl	%eax, 4(%esp)
	jmp	preload_fail

#elif defined(__aarch64__)

/* "bti c", which older processors take for nothing. */
#define LANDING	hint #34

syscall:
	.cfi_startproc
	LANDING
	cmp	x0, #NR_MSEAL
	b.eq	preload_seal
preload_pass:
	LANDING
	mov	x8, x0
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	mov	x5, x6
	svc	#0
	cmn	x0, #-(LEAST_ERROR)
	b.cs	preload_fail
	ret

#else
#error "No syscall() for this processor: see syscall.S"
#endif

	.cfi_endproc
	.size	preload_pass, . - preload_pass
	.size	syscall, . - syscall
	.section .note.GNU-stack, "", %progbits
