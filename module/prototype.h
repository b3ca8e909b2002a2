/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_PROTOTYPE_H
#define _MSEAL_PROTOTYPE_H

#include "btf.h"

#define MSEAL_PROTOTYPE_LEN	256

/**
 * struct mseal_prototype - what BTF knows of a function
 * @name: the function's name
 * @err: 0; -ENOENT: there is no such function; -ENOTUNIQ: there are several, of
 *	 different types; -E2BIG: the prototype doesn't fit
 * @text: the prototype as C code, without the names of parameters; with -ENOTUNIQ
 *	  that of one of them, with -E2BIG its beginning
 *
 * Types are spelled as C code spells them, whatever the compiler called them:
 * typedef, struct, union and enum by name, "unsigned long" for "long unsigned
 * int".  Attributes of types are left out.
 */
struct mseal_prototype {
	const char *name;
	int err;
	char text[MSEAL_PROTOTYPE_LEN];
};

/**
 * mseal_prototypes() - look up functions, all in one pass
 * @btf: where
 * @functions: which; err and text are filled in
 * @nr: number of elements
 *
 * Return: 0, whatever became of each function, or -EINVAL if what was needed is
 * malformed.
 */
int mseal_prototypes(const struct mseal_btf *btf,
		     struct mseal_prototype *functions, unsigned int nr);

/**
 * mseal_prototype_matches() - is a function what somebody expects?
 * @function: from mseal_prototypes()
 * @expected: a prototype spelled alike; a final "..." stands for any further
 *	      parameters
 */
bool mseal_prototype_matches(const struct mseal_prototype *function,
			     const char *expected);

#endif /* _MSEAL_PROTOTYPE_H */
