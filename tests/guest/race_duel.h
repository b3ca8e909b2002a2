/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_RACE_DUEL_H
#define _MSEAL_TEST_RACE_DUEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One thread does one thing to some pages while another seals them one by one.
 * What began after the seal returned must be refused, and what was under way may
 * change nothing any more.
 */
struct duel {
	const char *name;
	/* In each process, before all; may be NULL. */
	void (*begin)(void);
	/* Maps what a round is about; NULL: given the place where it shall be. */
	char *(*prepare)(char *at);
	/* 0: done, and everything is as it was; else -errno. */
	int (*attempt)(char *at);
	/*
	 * By the attacker, what an attempt leaves for it to restore; but not once the
	 * seal has returned, so that a late success is seen.  May be NULL.
	 */
	void (*restore)(char *at);
	/* By the sealer, what was done before the seal returned; may be NULL. */
	void (*undo)(char *at);
	/*
	 * Whether nothing is left of an attempt: if so when the seal has returned, so
	 * in the end.  May be NULL.
	 */
	bool (*tidy)(char *at);
	/* The page sealed, counted from where the round is. */
	int sealed_page;
	/* There can be only one page at a time that it could be done to. */
	bool alone;
	/* The bytes stay, for now: in the end each page must still be dirty. */
	bool frees;
	/* ENOMEM is an answer, too, while the first seal is being made. */
	bool vague;
	/* Others keep the lock busy, so that a seal comes while it is waited for. */
	bool crowded;
};

/* Fails the case unless so many attempts each succeed before and fail after. */
void duel_run(const struct duel *duel, long seals, long least);

#endif /* _MSEAL_TEST_RACE_DUEL_H */
