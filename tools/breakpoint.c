// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "breakpoint.h"

#if defined(__x86_64__)
#define TRAP		0xccL
#define TRAP_MASK	0xffL
/* The processor has gone past it. */
#define TRAP_STEP	1
#define PC		rip
#elif defined(__aarch64__)
#define TRAP		0xd4200000L
#define TRAP_MASK	0xffffffffL
#define TRAP_STEP	0
#define PC		pc
#else
#error "no breakpoint is known for this architecture"
#endif

static bool get_registers(pid_t pid, struct user_regs_struct *registers)
{
	struct iovec area = { registers, sizeof(*registers) };

	return !ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &area);
}

static bool set_registers(pid_t pid, struct user_regs_struct *registers)
{
	struct iovec area = { registers, sizeof(*registers) };

	return !ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &area);
}

bool breakpoint_set(struct breakpoint *breakpoint, pid_t pid, unsigned long addr)
{
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, pid, (void *)addr, NULL);
	if (errno)
		return false;
	*breakpoint = (struct breakpoint){ pid, addr, word };
	word = (word & ~TRAP_MASK) | TRAP;
	return !ptrace(PTRACE_POKETEXT, pid, (void *)addr, (void *)word);
}

bool breakpoint_hit(const struct breakpoint *breakpoint)
{
	struct user_regs_struct registers;

	return get_registers(breakpoint->pid, &registers) &&
	       registers.PC == breakpoint->addr + TRAP_STEP;
}

bool breakpoint_clear(const struct breakpoint *breakpoint)
{
	struct user_regs_struct registers;

	if (ptrace(PTRACE_POKETEXT, breakpoint->pid, (void *)breakpoint->addr,
		   (void *)breakpoint->before))
		return false;
	if (!get_registers(breakpoint->pid, &registers))
		return false;
	registers.PC = breakpoint->addr;
	return set_registers(breakpoint->pid, &registers);
}
