#include "cmd/render/page.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/term.h"
#include "cmd/render/wrap.h"

#include <string.h>

/* Lines longer than this tire the eye; narrower ones leave no room for the columns. */
#define WIDEST 120
#define NARROWEST 40

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct page page_new(const struct render_options *options, struct str *out)
{
	struct page page = {
		.arena = out->arena,
		.lang = options->lang,
		.colour = options->colour,
		.width = options->width > WIDEST ? WIDEST : options->width,
		.out = out,
	};

	if (page.width > 0 && page.width < NARROWEST)
		page.width = NARROWEST;
	return page;
}

const char *page_say(const struct page *page, enum text_id id)
{
	return text_get(id, page->lang);
}

const char *page_safe(const struct page *page, const char *text)
{
	return term_safe(page->arena, text, "");
}

const char *page_safe_lines(const struct page *page, const char *text)
{
	return term_safe(page->arena, text, "\n");
}

const char *page_safe_statement(const struct page *page, const char *text)
{
	char *line = arena_strdup(page->arena, text);

	for (char *c = line; c && *c; c++)
		if (*c == '\n' || *c == '\t' || *c == '\r')
			*c = ' ';
	return page_safe(page, line);
}

/* Lists in an argument are parted by \x1f, which note_text takes out again. */
static struct note safe_note(const struct page *page, const struct note *note)
{
	struct note result = *note;

	for (size_t i = 0; i < COUNT(result.args); i++)
		result.args[i] = term_safe(page->arena, note->args[i], "\x1f");
	return result;
}

const char *page_note(const struct page *page, const struct note *note)
{
	struct note shown = safe_note(page, note);

	return page_safe_lines(page, note_text(page->arena, &shown, page->lang));
}

const char *page_value(const struct page *page, const struct note *note)
{
	const char *words = page_note(page, note);

	return *words ? words : page_say(page, TEXT_report_empty);
}

struct result page_result(const struct page *page, const struct result *result)
{
	struct result shown = *result;
	size_t count = 0;

	shown.reason = safe_note(page, &result->reason);
	while (result->values && result->values[count])
		count++;
	const char **values = arena_array(page->arena, count + 1, sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = page_safe(page, result->values[i]);
	shown.values = values;
	return shown;
}

void page_paint(const struct page *page, const char *colour, const char *text)
{
	bool coloured = page->colour && *colour && *text;

	str_add(page->out, coloured ? colour : "");
	str_add(page->out, text);
	str_add(page->out, coloured ? PAGE_RESET : "");
}

void page_pad(const struct page *page, unsigned columns)
{
	str_addf(page->out, "%*s", (int)columns, "");
}

void page_cell(const struct page *page, const char *colour, const char *text, unsigned columns)
{
	unsigned width = text_width(text);

	page_paint(page, colour, text);
	page_pad(page, width < columns ? columns - width : 0);
}

void page_flow(const struct page *page, const char *text, unsigned column, unsigned indent)
{
	struct wrap wrap = {
		.width = page->width,
		.indent = indent,
		.quote_on = page->colour ? PAGE_CYAN : NULL,
		.quote_off = page->colour ? PAGE_RESET : NULL,
	};
	size_t length = strlen(text);

	while (length > 0 && strchr(" \n", text[length - 1]))
		length--;
	wrap_add(page->out, arena_strndup(page->arena, text, length), column, &wrap);
	str_add_char(page->out, '\n');
}

const char *page_listed(const struct page *page, const char *const *names, size_t count,
                        uint64_t total)
{
	struct str list = str_new(page->arena);

	for (size_t i = 0; i < count && i < PAGE_LISTED; i++) {
		str_add(&list, i > 0 ? ", " : "");
		str_add(&list, page_safe(page, names[i]));
	}
	uint64_t shown = count < PAGE_LISTED ? count : PAGE_LISTED;
	if (total <= shown)
		return list.text;
	return PAGE_SENTENCE(
		page, TEXT_report_list_more, list.text,
		arena_printf(page->arena, "%llu", (unsigned long long)(total - shown)));
}
