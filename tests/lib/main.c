// SPDX-License-Identifier: GPL-2.0
/* libmseal on a kernel of variables: every path, on any host. */
#include <stdlib.h>

#include "test.h"

typedef TCase *make_case(void);

int main(void)
{
	make_case *const cases[] = {
		backend_case, errors_case, device_case, interrupt_case, threads_case,
		types_case, query_case, smaps_case,
	};
	Suite *suite = suite_create("libmseal");
	SRunner *runner = srunner_create(suite);
	int failed;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		TCase *tcase = cases[i]();

		tcase_add_checked_fixture(tcase, fake_boot, NULL);
		suite_add_tcase(suite, tcase);
	}
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	if (!srunner_ntests_run(runner))
		failed = 1;
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
