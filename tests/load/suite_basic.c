// SPDX-License-Identifier: GPL-2.0
/* What the module brings along when it is loaded, and that all of it goes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "footprint.h"
#include "mem.h"
#include "modules.h"
#include "proc.h"
#include "report.h"
#include "sealed.h"
#include "sealer.h"
#include "suites.h"

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

void need_boot_word(const char *word)
{
	FILE *cmdline = fopen("/proc/cmdline", "re");
	char text[4096], *next = text, *found;

	ck_assert_ptr_nonnull(cmdline);
	ck_assert_ptr_nonnull(fgets(text, sizeof(text), cmdline));
	fclose(cmdline);
	while ((found = strsep(&next, " \n")))
		if (!strcmp(found, word))
			return;
	ck_abort_msg("this suite needs a kernel booted with %s", word);
}

void hooks_ask(struct hooks *hooks)
{
	struct mseal_info info = { .size = sizeof(info), .nr_hooks = MAX_HOOKS,
				   .hooks = (unsigned long)hooks->hook };

	sealer_open();
	device_expect(sealer_fd(), MSEAL_IOC_INFO, &info, 0);
	sealer_close();
	hooks->nr = info.nr_hooks;
	ck_assert_uint_gt(hooks->nr, 0);
	ck_assert_uint_le(hooks->nr, MAX_HOOKS);
}

/* The one hook more is on the function with which the module tries itself. */
static void everything_there(int row)
{
	struct footprint *now;
	struct hooks hooks;
	unsigned int i;

	(void)row;
	need_boot_word("slab_nomerge");
	mseal_load();
	now = footprint_take();
	ck_assert(now->module);
	ck_assert(now->device);
	ck_assert(now->device_class);
	ck_assert_int_gt(now->caches, 0);
	hooks_ask(&hooks);
	for (i = 0; i < hooks.nr; i++)
		ck_assert_msg(hooked(now, hooks.hook[i].function), "%s isn't hooked",
			      hooks.hook[i].function);
	ck_assert_int_eq(hooks_count(now), hooks.nr + 1);
	note("%u functions hooked, %d slab caches", hooks.nr, now->caches);
	free(now);
	mseal_unload();
}

/* Nothing of what the module tried itself with is left when it is there. */
static void gone_at_once(int row)
{
	int i;

	(void)row;
	for (i = 0; i < 5; i++) {
		mseal_load();
		sealer_open();
		ck_assert_uint_eq(device_info().spaces, 0);
		ck_assert_uint_eq(device_info().ranges, 0);
		ck_assert_uint_eq(device_info().seals, 0);
		ck_assert_uint_eq(device_info().refusals, 0);
		sealer_close();
		ck_assert_int_eq(module_unload("mseal"), 0);
		footprint_expect_none();
	}
}

static void seals_between(int row)
{
	struct sealed process;

	(void)row;
	mseal_load();
	sealed_start(&process);
	sealed_check(&process);
	sealed_end(&process);
	mseal_unload();
}

static void while_open(int row)
{
	(void)row;
	mseal_load();
	sealer_open();
	ck_assert_int_eq(module_unload("mseal"), EWOULDBLOCK);
	seal_and_exit();
	sealer_close();
	mseal_unload();
}

static void take_page_offline(void *unused)
{
	char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	(void)unused;
	ck_assert_ptr_ne(at, MAP_FAILED);
	sealer_open();
	ck_assert_int_eq(device_seal(at, page, MSEAL_T_NATIVE), 0);
	ck_assert_msg(!madvise(at + page, page, MADV_SOFT_OFFLINE), "madvise: %s",
		      strerror(errno));
}

/* An madvise() that walks over no mapping is no sign that the hooks have failed. */
static void seals_after_page_went_offline(int row)
{
	(void)row;
	/* The number is checked even for nothing at all. */
	if (madvise(NULL, 0, MADV_SOFT_OFFLINE))
		skip("this kernel takes no page offline");
	mseal_load();
	in_child(take_page_offline, NULL);
	seal_and_exit();
	mseal_unload();
}

static const struct test_case cases[] = {
	CASE(everything_there),
	CASE(gone_at_once),
	CASE(seals_between),
	CASE(while_open),
	CASE(seals_after_page_went_offline),
};

SUITE(basic, cases, ENTRY_USUAL);
