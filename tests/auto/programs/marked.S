/* SPDX-License-Identifier: GPL-2.0 */
/* The note that a linker writes for -z memory-seal, if it knows that. */
	.section .note.seal, "a", @note
	.balign	8
	.long	4, 8, 5
	.asciz	"GNU"
	.long	3, 0
	.section .note.GNU-stack, "", @progbits
