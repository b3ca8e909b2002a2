// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "auto.h"

extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

bool auto_is_self(const struct dl_phdr_info *object)
{
	return object->dlpi_addr == (ElfW(Addr))&__ehdr_start;
}

static const char *variable(char **env, const char *name)
{
	size_t len = strlen(name);

	for (; *env; env++) {
		if (!strncmp(*env, name, len) && (*env)[len] == '=')
			return *env + len + 1;
	}
	return NULL;
}

/* Not asked where the user isn't who the program works for. */
static struct policy users_policy(char **env)
{
	const char *words = variable(env, "MSEAL_AUTO");
	const char *types = variable(env, "MSEAL_AUTO_TYPES");
	struct policy policy = { 0 };

	if (getauxval(AT_SECURE))
		return policy;
	if (words && *words && !policy_parse(&policy, words))
		auto_say("MSEAL_AUTO: ignored: ", words, NULL);
	if (types && *types && !policy_parse_types(&policy, types))
		auto_say("MSEAL_AUTO_TYPES: ignored: ", types, NULL);
	return policy;
}

static void find_policy(char **env)
{
	struct policy user = users_policy(env);

	auto_config(&auto_policy, auto_program);
	policy_tighten(&auto_policy, &user);
	if (auto_policy.level == POLICY_UNSAID)
		auto_policy.level = POLICY_TRY;
}

static void find_program(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len <= 0)
		return;
	path[len] = '\0';
	memcpy(auto_program, path, (size_t)len + 1);
}

static int others(struct dl_phdr_info *object, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (!auto_is_self(object))
		auto_seal_object(object);
	return 0;
}

static int self(struct dl_phdr_info *object, size_t size, void *data)
{
	(void)size;
	(void)data;
	if (auto_is_self(object))
		auto_seal_object(object);
	return 0;
}

/*
 * Linked to be the first constructor of the process, which it is unless an object
 * that is loaded later is linked so, too: all objects that the program starts with
 * are relocated and made read-only by then, and but for resolvers of IFUNCs no code
 * but the loader's has run.  What this library consists of is sealed last, which tells
 * mseal(1) that all the rest has been.
 */
__attribute__((constructor)) static void begin(int argc, char **argv, char **env)
{
	int saved = errno;

	(void)argc;
	(void)argv;
	find_program();
	find_policy(env);
	if (auto_policy.level > POLICY_OFF) {
		auto_seal_prepare();
		auto_seal_begin();
		dl_iterate_phdr(others, NULL);
		if (!auto_policy.marked && !auto_special(auto_seal_range))
			auto_incomplete("[vdso]", "there is no /proc");
		dl_iterate_phdr(self, NULL);
		auto_seal_end();
		auto_all_sealed();
	}
	errno = saved;
}
