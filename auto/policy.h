/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a policy of libmseal-auto.so says; also compiled into the command. */
#ifndef MSEAL_POLICY_H
#define MSEAL_POLICY_H

#include <stdbool.h>
#include <stdint.h>

/* From loose to strict. */
enum policy_level {
	POLICY_UNSAID,
	POLICY_OFF,	/* nothing is sealed */
	POLICY_REPORT,	/* what would be refused is counted and traced */
	POLICY_TRY,	/* what can be sealed is, and nothing breaks if it can't */
	POLICY_ENFORCE	/* sealed, or the program ends */
};

/**
 * struct policy - what to seal, and how
 * @level: how strict
 * @all: objects that could be unloaded, too; they no longer are, then
 * @marked: only objects that ask for it
 * @types: MSEAL_T_* bits beside those of mseal()
 */
struct policy {
	enum policy_level level;
	bool all;
	bool marked;
	uint64_t types;
};

/*
 * Reads "try", "enforce,all" and so on into policy, in the place of what stood
 * there of level, all and marked.  False, with policy unchanged, if a word is
 * unknown or none is a level.
 */
bool policy_parse(struct policy *policy, const char *words);

/* Adds "kill,freeze" and so on to the types, or adds none and returns false. */
bool policy_parse_types(struct policy *policy, const char *words);

/*
 * What a user asks for beside what the administrator has said.  Where that is
 * nothing, the user's word counts; else it can only make the policy stricter.
 */
void policy_tighten(struct policy *policy, const struct policy *user);

#endif /* MSEAL_POLICY_H */
