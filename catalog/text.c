#include "catalog/text.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/tables.h"

#include <stdlib.h>
#include <string.h>

#define ARGS_MAX (sizeof(((struct note *)0)->args) / sizeof(const char *))

/* What separates the words of a list argument, and what ends such a placeholder: {1|or}. */
#define WORD_END '\x1f'
#define LIST_SUFFIX "|or}"

const char *text_get(enum text_id id, enum lang lang)
{
	const char *text =
		(unsigned)id < TEXT_COUNT ? table_string(table_texts[id].in[lang]) : NULL;

	return text ? text : "";
}

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, table_string(((const struct text_row *)row)->name));
}

/* Row 0 is TEXT_NONE, which has no name. */
bool text_find(const char *name, enum text_id *ret)
{
	const struct text_row *row =
		bsearch(name, table_texts + 1, TEXT_COUNT - 1, sizeof(*row), compare_name);

	if (!row)
		return false;
	*ret = (enum text_id)(row - table_texts);
	return true;
}

struct note note_one_of(struct arena *arena, const char *const *words)
{
	struct str list = str_new(arena);

	if (!*words)
		return (struct note){ 0 };
	for (; *words; words++) {
		str_add(&list, *words);
		if (words[1])
			str_add_char(&list, WORD_END);
	}
	return NOTE(TEXT_one_of, list.text);
}

bool note_is_set(const struct note *note)
{
	return note->text != TEXT_NONE;
}

static void add_list(struct str *out, const char *list, enum lang lang)
{
	static const struct {
		const char *comma, *last;
	} between[LANG_COUNT] = {
		[LANG_EN] = { ", ", " or " },
		[LANG_ZH] = { "\xe3\x80\x81", " \xe6\x88\x96 " },
	};

	for (;;) {
		const char *end = strchr(list, WORD_END);

		if (!end)
			break;
		str_add_n(out, list, (size_t)(end - list));
		list = end + 1;
		str_add(out, strchr(list, WORD_END) ? between[lang].comma : between[lang].last);
	}
	str_add(out, list);
}

/* Fills one placeholder at `text`, which begins with a brace. Returns what follows it, or NULL
 * where it is none, or its argument is not there: it then stays as written, and can be seen. */
static const char *add_argument(struct str *out, const char *text, const struct note *note,
                                enum lang lang)
{
	size_t index = (size_t)(unsigned char)text[1] - '1';

	if (index >= ARGS_MAX || !note->args[index])
		return NULL;
	if (text[2] == '}') {
		str_add(out, note->args[index]);
		return text + 3;
	}
	if (!str_starts(text + 2, LIST_SUFFIX))
		return NULL;
	add_list(out, note->args[index], lang);
	return text + 2 + strlen(LIST_SUFFIX);
}

const char *note_text(struct arena *arena, const struct note *note, enum lang lang)
{
	const char *text = text_get(note->text, lang);
	struct str out = str_new(arena);

	while (*text) {
		size_t plain = strcspn(text, "{");
		const char *after;

		str_add_n(&out, text, plain);
		text += plain;
		if (!*text)
			break;
		after = add_argument(&out, text, note, lang);
		if (!after)
			str_add_char(&out, *text);
		text = after ? after : text + 1;
	}
	return out.text;
}

/* The value of the name that stands between `name` and its closing brace, or NULL. */
static const char *value_of(const char *name, size_t length, const char *const *names_values)
{
	for (; names_values[0] && names_values[1]; names_values += 2)
		if (strlen(names_values[0]) == length && memcmp(names_values[0], name, length) == 0)
			return names_values[1];
	return NULL;
}

const char *text_fill(struct arena *arena, const char *text, const char *const *names_values)
{
	struct str out = str_new(arena);

	while (*text) {
		size_t plain = strcspn(text, "{"), name;
		const char *value;

		str_add_n(&out, text, plain);
		text += plain;
		if (!*text)
			break;
		name = strcspn(text + 1, "{}");
		value = text[1 + name] == '}' ? value_of(text + 1, name, names_values) : NULL;
		if (value)
			str_add(&out, value);
		else
			str_add_n(&out, text, 1 + name);
		text += value ? name + 2 : name + 1;
	}
	return out.text;
}
