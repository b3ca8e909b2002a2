/* SPDX-License-Identifier: GPL-2.0 */
/* compat32 travels inside mseal-test, so that one file is all a guest needs. */
	.section .rodata
	.globl compat32, compat32_end
compat32:
	.incbin COMPAT32
compat32_end:
	.section .note.GNU-stack, "", %progbits
