// SPDX-License-Identifier: GPL-2.0
/* A library that is opened at run time, with something to relocate. */
int plugin(void);
extern int (*const plugin_table[])(void);

int plugin(void)
{
	return 1;
}

int (*const plugin_table[])(void) = { plugin };
