#ifndef CMD_RENDER_PAGE_H
#define CMD_RENDER_PAGE_H

#include "cmd/render/render.h"

/* What the formats for people have in common: words made safe to show, colours, columns. */

#define PAGE_RESET "\033[0m"
#define PAGE_BOLD "\033[1m"
#define PAGE_DIM "\033[2m"
#define PAGE_RED "\033[1;31m"
#define PAGE_GREEN "\033[32m"
#define PAGE_YELLOW "\033[33m"
#define PAGE_BLUE "\033[34m"
#define PAGE_CYAN "\033[36m"

/* Names shown in one list; JSON has all. */
#define PAGE_LISTED 10

struct page {
	struct arena *arena;
	enum lang lang;
	bool colour;
	unsigned width; /* 0: do not wrap */
	struct str *out;
};

/* A page that is drawn into `out`, of a width that can be read. */
struct page page_new(const struct render_options *options, struct str *out);

/* Our own words. */
const char *page_say(const struct page *page, enum text_id id);

/* A sentence of ours round words that are already safe to show. */
#define PAGE_SENTENCE(page, id, ...) note_text((page)->arena, &NOTE(id, __VA_ARGS__), (page)->lang)

/* A text from outside: on one line; with the newlines that the author of a profile or the catalog
 * wrote; a statement, whose lines become one. */
const char *page_safe(const struct page *page, const char *text);
const char *page_safe_lines(const struct page *page, const char *text);
const char *page_safe_statement(const struct page *page, const char *text);

/* A note whose arguments come from outside; and the same with a word for what is empty. */
const char *page_note(const struct page *page, const struct note *note);
const char *page_value(const struct page *page, const struct note *note);

/* A result whose texts from servers cannot pretend to be lines of ours. */
struct result page_result(const struct page *page, const struct result *result);

void page_paint(const struct page *page, const char *colour, const char *text);
void page_pad(const struct page *page, unsigned columns);

/* Paints a text and fills up to `columns`. */
void page_cell(const struct page *page, const char *colour, const char *text, unsigned columns);

/* Running text from `column` on, its further lines indented by as much as `indent`; ends its line. */
void page_flow(const struct page *page, const char *text, unsigned column, unsigned indent);

/* "a, b, c and 7 more": the first names of `total`. */
const char *page_listed(const struct page *page, const char *const *names, size_t count,
                        uint64_t total);

#endif
