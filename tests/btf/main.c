// SPDX-License-Identifier: GPL-2.0
/* The reading of BTF, on BTF made by hand and on the host's. */
#include <stdlib.h>

#include "test.h"

int look_up_f(const uint8_t *data, size_t size, struct mseal_prototype *f)
{
	static struct mseal_btf btf;
	int err = mseal_btf_open(&btf, data, size);

	f->name = "f";
	return err ? err : mseal_prototypes(&btf, f, 1);
}

int main(void)
{
	TCase *(*const cases[])(void) = {
		text_case, records_case, lookup_case, damage_case, host_case,
	};
	Suite *suite = suite_create("BTF");
	SRunner *runner = srunner_create(suite);
	int failed;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		suite_add_tcase(suite, cases[i]());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	if (!srunner_ntests_run(runner))
		failed = 1;
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
