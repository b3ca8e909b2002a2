/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_PROCESS_H
#define _MSEAL_PROCESS_H

struct mm_struct;
struct mseal_prototype;
struct mseal_symbol;

/* Functions of the kernel that aren't exported, and what they must be. */
enum mseal_process_call {
	MSEAL_CALL_PIDFD,
	MSEAL_CALL_MM,
	MSEAL_NR_PROCESS_CALLS
};

extern const struct mseal_call {
	const char *function;
	const char *prototype;
} mseal_process_calls[MSEAL_NR_PROCESS_CALLS];

/**
 * mseal_process_bind() - be told where these functions are
 * @found: where; of each element of mseal_process_calls
 * @functions: what the kernel's BTF says of them
 *
 * If one isn't what it must be, the caller's own process is all that can be
 * asked about, and a line in the log says so.
 */
void mseal_process_bind(const struct mseal_symbol *found,
			const struct mseal_prototype *functions);

/**
 * mseal_process_mm() - the address space of a process that the caller may look at
 * @pidfd: a descriptor of the process, or MSEAL_QUERY_SELF
 *
 * Return: what to give to mmdrop(), and may have lost its users meanwhile; or an
 * error of MSEAL_IOC_QUERY.
 */
struct mm_struct *mseal_process_mm(int pidfd);

#endif /* _MSEAL_PROCESS_H */
