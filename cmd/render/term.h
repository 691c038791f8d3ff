#ifndef CMD_RENDER_TERM_H
#define CMD_RENDER_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;

/* What the terminal in front of the user can and may be sent. */

/* --color=auto|always|never */
enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* Reads the option's word. False where it is none of the three; *ret is then untouched. */
bool colour_when_find(const char *word, enum colour_when *ret);

/* Whether to colour what goes to `fd`. A plain word on the command line wins; `auto` colours a
 * terminal, unless NO_COLOR is set to something or TERM says that it is dumb. */
bool term_has_colour(enum colour_when when, int fd);

/* Columns of the terminal at `fd`, 80 where it does not say; 0 where `fd` is no terminal. */
unsigned term_width(int fd);

/* What a byte that begins no valid UTF-8 sequence reads as. It is no code point. */
#define CODE_INVALID UINT32_MAX

/* Reads one code point of a text. Returns how many bytes it takes, 0 at the end of the text; an
 * invalid byte is read alone. */
size_t code_next(const char *text, uint32_t *ret_code);

/* Whether a character shows as nothing, moves the cursor, or reorders what stands beside it:
 * control characters, bidirectional controls, zero-width and tag characters. */
bool code_is_hidden(uint32_t code);

/* Columns that a code point takes: 0, 1 or 2. The answer does not depend on the locale, so that the
 * same report is the same bytes on every host, also where no UTF-8 locale is installed. */
unsigned code_width(uint32_t code);

/* Columns of a text that holds nothing hidden. */
unsigned text_width(const char *text);

/* The text itself where it is valid UTF-8, else a copy with U+FFFD for each invalid byte. NULL
 * gives NULL. */
const char *text_valid(struct arena *arena, const char *text);

/* The text with everything hidden made visible, as \x1b or \u202e, and invalid UTF-8 as \xff. The
 * ASCII characters in `keep` pass as they are. NULL gives NULL. */
const char *term_safe(struct arena *arena, const char *text, const char *keep);

/* Shows one line that the next one replaces, where `file` is a terminal; else does nothing. */
void term_progress(FILE *file, const char *text);
void term_progress_end(FILE *file);

#endif
