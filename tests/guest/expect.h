/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MSEAL_TEST_EXPECT_H
#define _MSEAL_TEST_EXPECT_H

/* Each fails the case unless it is so for the page; the last two leave a hole. */
void expect_refused(char *at);
void expect_free(char *at);
/* A hole that can be used again as if nothing had been sealed there. */
void expect_usable_hole(char *at);

#endif /* _MSEAL_TEST_EXPECT_H */
