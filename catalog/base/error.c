#include "catalog/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What is quoted in a message may come from anywhere; a terminal must not obey it. */
static void make_harmless(char *text, size_t room)
{
	char clean[sizeof(((struct error *)0)->text)];
	size_t length = 0;

	for (const char *c = text; *c && length + 5 < sizeof(clean); c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte < 0x20 || byte == 0x7f)
			length += (size_t)snprintf(clean + length, 5, "\\x%02x", byte);
		else
			clean[length++] = *c;
	}
	clean[length] = '\0';
	snprintf(text, room, "%s", clean);
}

__attribute__((format(printf, 3, 0))) static int set(struct error *error, enum error_kind kind,
                                                     const char *format, va_list args)
{
	error->kind = kind;
	vsnprintf(error->text, sizeof(error->text), format, args);
	make_harmless(error->text, sizeof(error->text));
	return -1;
}

#define DEFINE_ERROR(name, kind)                               \
	int name(struct error *error, const char *format, ...) \
	{                                                      \
		va_list args;                                  \
                                                               \
		va_start(args, format);                        \
		set(error, kind, format, args);                \
		va_end(args);                                  \
		return -1;                                     \
	}

DEFINE_ERROR(error_usage, ERROR_USAGE)
DEFINE_ERROR(error_bug, ERROR_BUG)
DEFINE_ERROR(error_output, ERROR_OUTPUT)
DEFINE_ERROR(error_config, ERROR_CONFIG)

int error_at(struct error *error, const char *file, unsigned line, unsigned column,
             const char *format, ...)
{
	char text[sizeof(error->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (line)
		return error_config(error, "%s:%u:%u: %s", file, line, column, text);
	return error_config(error, "%s: %s", file, text);
}
