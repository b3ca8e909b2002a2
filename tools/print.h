/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How results are printed: text that no process's name can disturb, colours where
 * they are welcome, JSON.
 */
#ifndef MSEAL_TOOL_PRINT_H
#define MSEAL_TOOL_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum colour { COLOUR_GOOD, COLOUR_BAD, COLOUR_DIM };

/* Around text on stdout; empty unless that is a terminal and NO_COLOR unset. */
const char *colour(enum colour colour);
const char *colour_end(void);

/* What isn't printable ASCII comes as \ooo. */
void print_safely(FILE *out, const char *text);

/*
 * JSON on stdout. A name is what a member of an object has, NULL what an element
 * of an array has. json_done() ends the line.
 */
void json_open(const char *name, char bracket);
void json_close(char bracket);
void json_string(const char *name, const char *value);
void json_number(const char *name, uint64_t value);
void json_address(const char *name, uint64_t value);
void json_bool(const char *name, bool value);
void json_done(void);

#endif /* MSEAL_TOOL_PRINT_H */
