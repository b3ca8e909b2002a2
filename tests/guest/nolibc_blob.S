/* SPDX-License-Identifier: GPL-2.0 */
/* As compat32: the program travels inside mseal-test. */
	.section .rodata
	.globl nolibc, nolibc_end
nolibc:
	.incbin NOLIBC
nolibc_end:
	.section .note.GNU-stack, "", %progbits
