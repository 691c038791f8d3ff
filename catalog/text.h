#ifndef CATALOG_TEXT_H
#define CATALOG_TEXT_H

#include "gen/text_ids.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * The sentences of migdoctor itself, in both languages, from catalog/texts: titles of checks,
 * reasons, labels of reports. C code holds ids alone, so that every language is data and a report
 * can be drawn in either from the same results.
 */
enum lang { LANG_EN, LANG_ZH, LANG_COUNT };

/* A text that somebody wrote in both languages. */
struct both {
	const char *in[LANG_COUNT];
};

/* The text of an id; placeholders {1} to {4} stand in it as written. TEXT_NONE, which is 0, and
 * what is no id give an empty text. */
const char *text_get(enum text_id id, enum lang lang);

/* Finds the id of a name as the YAML writes it ("check.replication.binlog-format"). */
bool text_find(const char *name, enum text_id *ret);

/* A sentence with its arguments, not yet in any language. Arguments are owned by whoever built the
 * note (an arena of the run); a missing one is NULL. */
struct note {
	enum text_id text;
	const char *args[4];
};

/* A note from an id and up to four arguments: NOTE(TEXT_skip_mode, "offline"). */
#define NOTE(id, ...) ((struct note){ .text = (id), .args = { __VA_ARGS__ } })

/* A note that is the same in every language: a value, a name, a server's own words. */
#define VERBATIM(string) NOTE(TEXT_verbatim, (string))

/* "ROW", "ROW or MIXED", "A, B or C" in the reader's language. `words` ends with NULL. */
struct note note_one_of(struct arena *arena, const char *const *words);

/* Whether the note says anything. A zeroed note does not. */
bool note_is_set(const struct note *note);

/* The note in a language, in the arena. A placeholder without an argument stays as written. */
const char *note_text(struct arena *arena, const struct note *note, enum lang lang);

/* Fills the named placeholders ({schemaName}) of a catalog text: names and values alternate and
 * end with NULL. A placeholder without a value stays as it is written. */
const char *text_fill(struct arena *arena, const char *text, const char *const *names_values);

#endif
