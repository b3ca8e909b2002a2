/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_COMPAT_SYMBOLS_H
#define _MSEAL_COMPAT_SYMBOLS_H

/**
 * struct mseal_symbol - a function of the kernel proper, looked up by name
 * @name: its name; NULL is found nowhere
 * @addr: its address, to be hooked, never to be called through a pointer
 * @found: how many functions have that name
 * @copies: how many more have it with an ending, which the compiler gives to parts
 *	and variants of a function; names that are looked up themselves don't count
 */
struct mseal_symbol {
	const char *name;
	unsigned long addr;
	unsigned int found;
	unsigned int copies;
};

/**
 * mseal_find_symbols() - look up names in the kernel, modules left out
 * @symbols: what to look up; addr and found are filled in
 * @nr: number of elements
 *
 * Return: 0, or a negative errno if the kernel's symbols can't be read.
 */
int mseal_find_symbols(struct mseal_symbol *symbols, unsigned int nr);

/**
 * mseal_symbol_size() - how long a function is
 * @addr: its address
 *
 * Return: bytes, 0 if there is no function.
 */
unsigned long mseal_symbol_size(unsigned long addr);

#endif /* _MSEAL_COMPAT_SYMBOLS_H */
