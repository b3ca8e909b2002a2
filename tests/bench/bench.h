/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_BENCH_H
#define _MSEAL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE	4096UL

/*
 * The calls are made in the middle of an address space's sealed ranges, on memory
 * that lies apart from them: in unsealed and sealed processes the same.
 */
#define SCRATCH		((char *)0x200000000000UL)
#define SCRATCH_SIZE	(1UL << 30)

/**
 * struct op - something whose cost is measured
 * @name: in the results
 * @cost: does it once, with what has to be done before and after; returns the
 *	  cost of the thing itself
 * @rounds: as often, and the least counts
 * @when: states of the process in which it can be done
 */
struct op {
	const char *name;
	uint64_t (*cost)(void);
	unsigned int rounds;
	enum {
		ALWAYS,
		UNSEALED,	/* by processes without seals only */
		SEALED,		/* with some only */
	} when;
};

/* What can't be done here costs that. */
#define NOT_HERE	UINT64_MAX

#define CALLS	1000
#define FORKS	300

/* Each ends with an element without a name. */
extern const struct op passing_ops[];
extern const struct op refused_ops[];
extern const struct op process_ops[];
extern const struct op sealing_ops[];

/* The two sides of the scratch memory: ranges sealed one by one, with gaps. */
void ranges_map(unsigned int nr);
void ranges_seal(unsigned int nr);
/* A page of them that is sealed. */
char *ranges_page(void);

/* Finds out what seals here: device, or system call; or ends the program. */
void sealing_find(void);
void seal(char *at, size_t len);
uint64_t seal_cost(char *at, size_t len);
int sealing_device(void);

/* Maps a page, or some, readable and writable where nothing may be yet. */
void map(char *at, size_t len);
void unmap(char *at, size_t len);

/* Prints how many hooked functions each operation enters. */
void count_hooks(void);
/* Prints what a range costs in memory, as charged. */
void measure_memory(unsigned int nr);
/* Tells at what addresses to see where each operation begins, and its call that counts. */
void loop_announce(char *const names[]);
/* Does what was announced; false if nothing was. */
bool loop(unsigned long rounds);

void give_up(const char *what) __attribute__((noreturn));

#endif /* _MSEAL_BENCH_H */
