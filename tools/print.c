// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "print.h"

static bool coloured(void)
{
	static int answer = -1;

	if (answer < 0) {
		const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

		answer = isatty(STDOUT_FILENO) && !(no && *no) &&
			 !(terminal && !strcmp(terminal, "dumb"));
	}
	return answer;
}

const char *colour(enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_GOOD] = "\033[32m",
		[COLOUR_BAD] = "\033[31m",
		[COLOUR_DIM] = "\033[2m",
	};

	return coloured() ? codes[colour] : "";
}

const char *colour_end(void)
{
	return coloured() ? "\033[0m" : "";
}

void print_safely(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if (c >= ' ' && c <= '~')
			fputc(c, out);
		else
			fprintf(out, "\\%03o", c);
	}
}

/* Something precedes in the same object or array. */
static bool comma;

static void separate(const char *name)
{
	if (comma)
		putchar(',');
	comma = true;
	if (name)
		printf("\"%s\":", name);
}

void json_open(const char *name, char bracket)
{
	separate(name);
	putchar(bracket);
	comma = false;
}

void json_close(char bracket)
{
	putchar(bracket);
	comma = true;
}

/* Returns the length of the UTF-8 sequence that the text begins with, or 0. */
static int sequence(const unsigned char *text)
{
	static const struct {
		unsigned char lead, mask;
		uint32_t least;
	} forms[] = {
		{ 0xc0, 0xe0, 0x80 },
		{ 0xe0, 0xf0, 0x800 },
		{ 0xf0, 0xf8, 0x10000 },
	};
	int form, i;

	for (form = 0; form < 3; form++) {
		uint32_t value = *text & ~forms[form].mask;

		if ((*text & forms[form].mask) != forms[form].lead)
			continue;
		for (i = 1; i <= form + 1; i++) {
			if ((text[i] & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (text[i] & 0x3f);
		}
		if (value < forms[form].least || value > 0x10ffff ||
		    (value >= 0xd800 && value <= 0xdfff))
			return 0;
		return i;
	}
	return 0;
}

/* Names are bytes, JSON wants characters: what is none becomes U+FFFD. */
static void characters(const unsigned char *text)
{
	while (*text) {
		int len = *text < 0x80 ? 1 : sequence(text);

		if (!len)
			fputs("\\ufffd", stdout);
		else if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text < ' ' || *text == 0x7f)
			printf("\\u%04x", *text);
		else
			fwrite(text, 1, len, stdout);
		text += len ? len : 1;
	}
}

void json_string(const char *name, const char *value)
{
	separate(name);
	if (!value) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	characters((const unsigned char *)value);
	putchar('"');
}

void json_number(const char *name, uint64_t value)
{
	separate(name);
	printf("%" PRIu64, value);
}

/* Many readers keep only 53 bits of a number. */
void json_address(const char *name, uint64_t value)
{
	separate(name);
	printf("\"0x%" PRIx64 "\"", value);
}

void json_bool(const char *name, bool value)
{
	separate(name);
	fputs(value ? "true" : "false", stdout);
}

void json_done(void)
{
	putchar('\n');
	comma = false;
}
