// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include <mseal.h>

#include "policy.h"

#define SEPARATORS	", \t"

static const struct {
	const char *name;
	enum policy_level level;
} levels[] = {
	{ "off", POLICY_OFF },
	{ "report", POLICY_REPORT },
	{ "try", POLICY_TRY },
	{ "enforce", POLICY_ENFORCE },
};

static const struct {
	const char *name;
	uint64_t type;
} types[] = {
	{ "freeze", MSEAL_T_FREEZE },
	{ "protect", MSEAL_T_PROTECT },
	{ "upgrade", MSEAL_T_UPGRADE },
	{ "unmap", MSEAL_T_UNMAP },
	{ "over", MSEAL_T_OVER },
	{ "remap", MSEAL_T_REMAP },
	{ "discard", MSEAL_T_DISCARD },
	{ "discard-all", MSEAL_T_DISCARD_ALL },
	/* As the command prints it. */
	{ "discard_all", MSEAL_T_DISCARD_ALL },
	{ "kill", MSEAL_T_KILL },
};

#define NR(array)	(sizeof(array) / sizeof(*(array)))

/* The next word of a list, or NULL; *len is its length. */
static const char *word(const char *list, size_t *len)
{
	list += strspn(list, SEPARATORS);
	*len = strcspn(list, SEPARATORS);
	return *len ? list : NULL;
}

static bool is(const char *text, size_t len, const char *name)
{
	return strlen(name) == len && !memcmp(text, name, len);
}

static bool add_word(struct policy *policy, const char *text, size_t len)
{
	size_t i;

	if (is(text, len, "all")) {
		policy->all = true;
		return true;
	}
	if (is(text, len, "marked")) {
		policy->marked = true;
		return true;
	}
	for (i = 0; i < NR(levels); i++) {
		if (is(text, len, levels[i].name)) {
			policy->level = levels[i].level;
			return true;
		}
	}
	return false;
}

bool policy_parse(struct policy *policy, const char *words)
{
	struct policy new = { .types = policy->types };
	size_t len;

	for (; (words = word(words, &len)); words += len) {
		if (!add_word(&new, words, len))
			return false;
	}
	if (new.level == POLICY_UNSAID)
		return false;
	*policy = new;
	return true;
}

bool policy_parse_types(struct policy *policy, const char *words)
{
	uint64_t new = 0;
	size_t len, i;

	for (; (words = word(words, &len)); words += len) {
		for (i = 0; i < NR(types); i++) {
			if (is(words, len, types[i].name))
				break;
		}
		if (i == NR(types))
			return false;
		new |= types[i].type;
	}
	policy->types |= new;
	return new;
}

void policy_tighten(struct policy *policy, const struct policy *user)
{
	uint64_t both = policy->types | user->types;

	if (policy->level == POLICY_UNSAID) {
		*policy = *user;
	} else if (user->level != POLICY_UNSAID) {
		if (user->level > policy->level)
			policy->level = user->level;
		policy->all |= user->all;
		policy->marked &= user->marked;
	}
	policy->types = both;
}
