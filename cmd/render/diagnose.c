#include "cmd/render/diagnose.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/page.h"
#include "cmd/render/term.h"

#include <string.h>

/* How far a consequence stands to the right of what brought it about; deeper ones do not go on. */
#define STEP 4
#define DEEPEST 4
/* Evidence of one cause shown to a person; JSON has all. */
#define SHOWN 12
/* Longer names of rules are not waited for by the titles of the others. */
#define WIDEST_RULE 36

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct draw {
	struct page page;
	const struct diagnosed *diagnosed;
	unsigned label_width;
};

static const enum text_id labels[] = {
	TEXT_diagnose_cause, TEXT_diagnose_found,    TEXT_diagnose_objects, TEXT_diagnose_fix,
	TEXT_diagnose_why,   TEXT_diagnose_reported, TEXT_diagnose_note,    TEXT_diagnose_next,
};

/* How a verdict looks, and what is said of it. */
static const struct look {
	enum text_id heading, meaning, mark, next;
	const char *colour;
} looks[CAUSE_VERDICT_COUNT] = {
	[CAUSE_CONFIRMED] = { TEXT_diagnose_confirmed, TEXT_diagnose_confirmed_is,
	                      TEXT_report_mark_fail, TEXT_diagnose_next_confirmed, PAGE_RED },
	[CAUSE_RULED_OUT] = { TEXT_diagnose_ruled_out, TEXT_diagnose_ruled_out_is,
	                      TEXT_report_mark_pass, TEXT_diagnose_next_ruled_out, PAGE_GREEN },
	[CAUSE_NOT_KNOWN] = { TEXT_diagnose_not_known, TEXT_diagnose_not_known_is,
	                      TEXT_report_mark_unknown, TEXT_diagnose_next_not_known, PAGE_YELLOW },
};

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static const char *number(const struct draw *draw, size_t value)
{
	return arena_printf(draw->page.arena, "%zu", value);
}

/* Appends a part to an enumeration; NULL begins one. */
static const char *joined(const struct draw *draw, const char *words, const char *part)
{
	return words ? PAGE_SENTENCE(&draw->page, TEXT_diagnose_next_part, words, part) : part;
}

/* "  fix       ..." */
static void labelled(const struct draw *draw, unsigned indent, enum text_id label, const char *text)
{
	unsigned column = indent + draw->label_width;

	page_pad(&draw->page, indent);
	page_cell(&draw->page, PAGE_DIM, page_say(&draw->page, label), draw->label_width);
	page_flow(&draw->page, text, column, column);
}

/* --- the head ------------------------------------------------------------------------------------- */

static const char *shown_code(const struct draw *draw, const char *id)
{
	struct catalog_entry entry;

	return page_safe(&draw->page, catalog_find(id, &entry) ? entry.shown : id);
}

static const char *counts(const struct draw *draw)
{
	const size_t *by = draw->diagnosed->diagnosis->by_verdict;
	enum text_id confirmed = by[CAUSE_CONFIRMED] == 0   ? TEXT_diagnose_count_none
	                         : by[CAUSE_CONFIRMED] == 1 ? TEXT_diagnose_count_one
	                                                    : TEXT_diagnose_count_many;
	const char *words =
		PAGE_SENTENCE(&draw->page, confirmed, number(draw, by[CAUSE_CONFIRMED]));

	if (by[CAUSE_RULED_OUT])
		words = joined(draw, words,
		               PAGE_SENTENCE(&draw->page, TEXT_diagnose_count_ruled_out,
		                             number(draw, by[CAUSE_RULED_OUT])));
	if (by[CAUSE_NOT_KNOWN])
		words = joined(draw, words,
		               PAGE_SENTENCE(&draw->page, TEXT_diagnose_count_not_known,
		                             number(draw, by[CAUSE_NOT_KNOWN])));
	return words;
}

static void draw_answer(const struct draw *draw)
{
	const struct page *page = &draw->page;
	struct str codes = str_new(page->arena);

	for (const char *const *code = draw->diagnosed->codes; *code; code++)
		str_addf(&codes, "%s%s", codes.length ? ", " : "", shown_code(draw, *code));
	page_paint(page, looks[draw->diagnosed->diagnosis->verdict].colour,
	           PAGE_SENTENCE(page, TEXT_diagnose_head, codes.text, counts(draw)));
	str_add_char(page->out, '\n');
}

static const char *resource_words(const struct draw *draw, const struct said *said)
{
	static const struct {
		const char *name;
		enum text_id text;
	} resources[] = {
		{ "cpu", TEXT_diagnose_resource_cpu },
		{ "memory", TEXT_diagnose_resource_memory },
		{ "disk", TEXT_diagnose_resource_disk },
	};

	for (size_t i = 0; said->used && i < COUNT(resources); i++)
		if (str_equal(resources[i].name, said->resource))
			return page_say(&draw->page, resources[i].text);
	return NULL;
}

/* "host 10.0.0.3, memory usage 0.86, limit 0.85": what the pasted line brought along. */
static const char *said_words(const struct draw *draw)
{
	const struct page *page = &draw->page;
	const struct said *said = draw->diagnosed->said;
	const struct {
		enum text_id text;
		const char *first, *second;
	} parts[] = {
		{ TEXT_diagnose_said_host, said->host, "" },
		{ TEXT_diagnose_said_used, resource_words(draw, said), said->used },
		{ TEXT_diagnose_said_limit, said->limit, "" },
		{ TEXT_diagnose_said_subtopic, said->subtopic, "" },
		{ TEXT_diagnose_said_checkpoint, said->checkpoint, "" },
	};
	const char *words = NULL;

	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].first)
			words = joined(draw, words,
			               PAGE_SENTENCE(page, parts[i].text,
			                             page_safe(page, parts[i].first),
			                             page_safe(page, parts[i].second)));
	return words;
}

static void draw_head(const struct draw *draw)
{
	const struct page *page = &draw->page;
	const struct diagnosed *diagnosed = draw->diagnosed;
	const char *said = said_words(draw);
	struct catalog_entry entry;

	draw_answer(draw);
	for (const char *const *code = diagnosed->codes; *code; code++)
		if (catalog_find(*code, &entry)) {
			page_pad(page, 2);
			page_flow(page,
			          PAGE_SENTENCE(page, TEXT_diagnose_head, entry.shown,
			                        page_safe(page, entry.title[page->lang])),
			          2, 4);
		}
	if (said)
		labelled(draw, 2, TEXT_diagnose_reported, said);
	if (diagnosed->interrupted)
		labelled(draw, 2, TEXT_diagnose_note, page_say(page, TEXT_diagnose_interrupted));
	for (size_t i = 0; i < diagnosed->others.count; i++)
		labelled(draw, 2, TEXT_diagnose_note,
		         PAGE_SENTENCE(page, TEXT_diagnose_other_codes,
		                       diagnosed->others.matches[i].entry.shown));
	for (size_t i = 0; i < diagnosed->notice_count; i++)
		labelled(draw, 2, TEXT_diagnose_note, page_note(page, &diagnosed->notices[i]));
}

/* --- evidence ------------------------------------------------------------------------------------- */

enum { WHAT, ACTUAL, EXPECTED, FROM, CELLS };

struct cells {
	const char *at[CELLS];
};

static struct cells cells_of(const struct draw *draw, const struct evidence *evidence)
{
	const struct page *page = &draw->page;
	struct cells cells = { { page_safe(page, evidence->what), "", "", "" } };

	if (note_is_set(&evidence->actual))
		cells.at[ACTUAL] = page_value(page, &evidence->actual);
	if (note_is_set(&evidence->expected))
		cells.at[EXPECTED] = page_value(page, &evidence->expected);
	if (evidence->from)
		cells.at[FROM] = page_safe_statement(page, evidence->from);
	return cells;
}

static const enum text_id cell_labels[CELLS] = {
	[WHAT] = TEXT_NONE,
	[ACTUAL] = TEXT_diagnose_actual,
	[EXPECTED] = TEXT_diagnose_expected,
	[FROM] = TEXT_diagnose_from,
};

/* Columns of a table with its headings; a column that nobody fills takes none. Returns how wide the
 * table is. */
static unsigned measure(const struct draw *draw, const struct cells *rows, size_t count,
                        unsigned widths[CELLS])
{
	unsigned total = 0;

	for (size_t i = 0; i < CELLS; i++) {
		widths[i] = 0;
		for (size_t j = 0; j < count; j++)
			widths[i] = larger(widths[i], text_width(rows[j].at[i]));
		if (widths[i] > 0)
			widths[i] = 2 + larger(widths[i],
			                       text_width(page_say(&draw->page, cell_labels[i])));
		total += widths[i];
	}
	return total;
}

static void draw_row(const struct draw *draw, const char *const *cells, const char *colour,
                     const unsigned widths[CELLS])
{
	size_t last = CELLS;

	while (last > 0 && !*cells[last - 1])
		last--;
	for (size_t i = 0; i < last; i++)
		if (widths[i])
			page_cell(&draw->page, i == ACTUAL && !*colour ? PAGE_BOLD : colour,
			          cells[i], i + 1 < last ? widths[i] : 0);
	str_add_char(draw->page.out, '\n');
}

static void draw_table(const struct draw *draw, unsigned column, const struct cells *rows,
                       size_t count, const unsigned widths[CELLS])
{
	const char *heads[CELLS];

	for (size_t i = 0; i < CELLS; i++)
		heads[i] = widths[i] ? page_say(&draw->page, cell_labels[i]) : "";
	draw_row(draw, heads, PAGE_DIM, widths);
	for (size_t i = 0; i < count; i++) {
		page_pad(&draw->page, column);
		draw_row(draw, rows[i].at, "", widths);
	}
}

/* For evidence that is too wide for a table: one below the other. */
static void draw_stack(const struct draw *draw, unsigned column, const struct cells *rows,
                       size_t count)
{
	const struct page *page = &draw->page;
	unsigned width = 0;

	for (size_t i = 0; i < CELLS; i++)
		width = larger(width, 2 + text_width(page_say(page, cell_labels[i])));
	for (size_t i = 0; i < count; i++) {
		page_pad(page, i > 0 ? column : 0);
		page_flow(page, rows[i].at[WHAT], column, column);
		for (size_t j = ACTUAL; j < CELLS; j++) {
			if (!*rows[i].at[j])
				continue;
			page_pad(page, column + 2);
			page_cell(page, PAGE_DIM, page_say(page, cell_labels[j]), width);
			page_flow(page, rows[i].at[j], column + 2 + width, column + 2 + width);
		}
	}
}

static void draw_evidence(const struct draw *draw, unsigned indent, const struct result *result)
{
	const struct page *page = &draw->page;
	struct cells *rows = arena_array(page->arena, SHOWN, sizeof(*rows));
	unsigned column = indent + draw->label_width, widths[CELLS];
	size_t count = 0;

	if (!result->evidence_count)
		return;
	for (; count < result->evidence_count && count < SHOWN; count++)
		rows[count] = cells_of(draw, &result->evidence[count]);
	page_pad(page, indent);
	page_cell(page, PAGE_DIM, page_say(page, TEXT_diagnose_found), draw->label_width);
	if (page->width && column + measure(draw, rows, count, widths) - 2 > page->width)
		draw_stack(draw, column, rows, count);
	else {
		measure(draw, rows, count, widths);
		draw_table(draw, column, rows, count, widths);
	}
	if (count == result->evidence_count)
		return;
	page_pad(page, column);
	page_flow(page,
	          PAGE_SENTENCE(page, TEXT_diagnose_more,
	                        number(draw, result->evidence_count - count)),
	          column, column);
}

static void draw_objects(const struct draw *draw, unsigned indent, const struct result *result)
{
	const char **names =
		arena_array(draw->page.arena, result->object_count + 1, sizeof(*names));

	if (!result->object_count)
		return;
	for (size_t i = 0; i < result->object_count; i++)
		names[i] = result->objects[i].written;
	labelled(draw, indent, TEXT_diagnose_objects,
	         page_listed(&draw->page, names, result->object_count, result->objects_total));
}

/* --- causes --------------------------------------------------------------------------------------- */

static const char *basis_words(const struct draw *draw, const struct rule *rule)
{
	static const struct {
		const char *name;
		enum text_id text;
	} bases[] = {
		{ "documented", TEXT_diagnose_basis_documented },
		{ "observed", TEXT_diagnose_basis_observed },
		{ "inferred", TEXT_diagnose_basis_inferred },
	};

	for (size_t i = 0; rule->basis && i < COUNT(bases); i++)
		if (str_equal(bases[i].name, rule->basis))
			return page_say(&draw->page, bases[i].text);
	return NULL;
}

static const char *rule_words(const struct draw *draw, const struct cause *cause)
{
	const char *id = page_safe(&draw->page, cause->result->rule->id);

	return cause->node ? PAGE_SENTENCE(&draw->page, TEXT_diagnose_on_node, id,
	                                   page_safe(&draw->page, cause->node))
	                   : id;
}

/* How wide the names of the rules with a verdict are, so that their titles stand in a column. */
static unsigned rules_width(const struct draw *draw, enum cause_verdict verdict)
{
	const struct diagnosis *diagnosis = draw->diagnosed->diagnosis;
	unsigned width = 0;

	for (size_t i = 0; i < diagnosis->count; i++)
		if (diagnosis->causes[i].verdict == verdict)
			width = larger(width, text_width(rule_words(draw, &diagnosis->causes[i])));
	return width < WIDEST_RULE ? width : WIDEST_RULE;
}

/* "  x oms.clock  The clocks agree (documented)"; the title begins after `width` at least. */
static void draw_line(const struct draw *draw, unsigned indent, const struct cause *cause,
                      const char *title, unsigned width)
{
	const struct page *page = &draw->page;
	const struct look *look = &looks[cause->verdict];
	const char *id = rule_words(draw, cause), *basis = basis_words(draw, cause->result->rule);
	unsigned column = indent + 2;

	page_pad(page, indent);
	if (cause->consequence_of) {
		page_paint(page, PAGE_DIM, page_say(page, TEXT_diagnose_mark_follows));
		str_add_char(page->out, ' ');
		column += 2;
	}
	page_paint(page, look->colour, page_say(page, look->mark));
	str_add_char(page->out, ' ');
	width = larger(width, text_width(id)) + 2;
	page_cell(page, PAGE_BOLD, id, width);
	if (basis)
		title = PAGE_SENTENCE(page, TEXT_diagnose_basis, title, basis);
	page_flow(page, title, column + width, indent + 4);
}

static void draw_cause(const struct draw *draw, const struct cause *cause)
{
	const struct page *page = &draw->page;
	unsigned depth = cause->depth < DEEPEST ? cause->depth : DEEPEST;
	unsigned indent = 2 + depth * STEP;
	struct result shown = page_result(page, cause->result);
	struct result_texts texts = result_texts(page->arena, &shown, page->lang);

	str_add_char(page->out, '\n');
	draw_line(draw, indent, cause, texts.title ? page_safe_lines(page, texts.title) : "", 0);
	indent += cause->consequence_of ? 4 : 2;
	if (texts.cause)
		labelled(draw, indent, TEXT_diagnose_cause, page_safe_lines(page, texts.cause));
	draw_evidence(draw, indent, cause->result);
	draw_objects(draw, indent, cause->result);
	if (texts.reason)
		labelled(draw, indent, TEXT_diagnose_note, page_safe_lines(page, texts.reason));
	if (texts.fix)
		labelled(draw, indent, TEXT_diagnose_fix, page_safe_lines(page, texts.fix));
}

static void draw_heading(const struct draw *draw, enum cause_verdict verdict)
{
	const struct look *look = &looks[verdict];

	str_add_char(draw->page.out, '\n');
	page_paint(&draw->page, look->colour, page_say(&draw->page, look->heading));
	str_add(draw->page.out, "  ");
	page_paint(&draw->page, PAGE_DIM, page_say(&draw->page, look->meaning));
	str_add_char(draw->page.out, '\n');
}

/* Whether the confirmed cause, or one that follows from it, was asked about. Otherwise it is here
 * because it hides others. */
static bool is_answer(const struct diagnosis *diagnosis, const struct cause *root)
{
	const struct cause *cause = root;

	while (cause->consequence_of)
		cause--;
	do {
		if (cause->is_asked)
			return true;
		cause++;
	} while (cause < diagnosis->causes + diagnosis->count && cause->depth > 0);
	return false;
}

static void draw_confirmed(const struct draw *draw, bool answers)
{
	const struct diagnosis *diagnosis = draw->diagnosed->diagnosis;
	bool begun = !answers;

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct cause *cause = &diagnosis->causes[i];

		if (cause->verdict != CAUSE_CONFIRMED || is_answer(diagnosis, cause) != answers)
			continue;
		if (!begun)
			draw_heading(draw, CAUSE_CONFIRMED);
		begun = true;
		draw_cause(draw, cause);
	}
}

static const char *why_words(const struct draw *draw, const struct cause *cause)
{
	const struct page *page = &draw->page;
	struct result shown = page_result(page, cause->result);
	struct result_texts texts = result_texts(page->arena, &shown, page->lang);
	const char *reason = texts.reason ? page_safe_lines(page, texts.reason) : NULL;
	const char *blocker = page_safe(page, cause->blocked_by);

	if (reason && blocker)
		return PAGE_SENTENCE(page, TEXT_diagnose_waits_for, reason, blocker);
	if (blocker)
		return PAGE_SENTENCE(page, TEXT_diagnose_only_waits_for, blocker);
	return reason ? reason : "";
}

/* The causes that are not known for one reason, below it. */
static void draw_unknowns(const struct draw *draw, size_t first, const char *const *whys)
{
	const struct diagnosis *diagnosis = draw->diagnosed->diagnosis;
	unsigned width = rules_width(draw, CAUSE_NOT_KNOWN);

	str_add_char(draw->page.out, '\n');
	for (size_t i = first; i < diagnosis->count; i++) {
		const struct cause *cause = &diagnosis->causes[i];
		const char *title =
			result_texts(draw->page.arena, cause->result, draw->page.lang).title;

		if (!whys[i] || !str_equal(whys[i], whys[first]))
			continue;
		draw_line(draw, 2, cause, title ? page_safe_lines(&draw->page, title) : "", width);
		draw_evidence(draw, 4, cause->result);
	}
	if (*whys[first])
		labelled(draw, 4, TEXT_diagnose_why, whys[first]);
}

static void draw_not_known(const struct draw *draw)
{
	const struct diagnosis *diagnosis = draw->diagnosed->diagnosis;
	const char **whys = arena_array(draw->page.arena, diagnosis->count + 1, sizeof(*whys));
	bool begun = false;

	for (size_t i = 0; i < diagnosis->count; i++)
		if (diagnosis->causes[i].verdict == CAUSE_NOT_KNOWN)
			whys[i] = why_words(draw, &diagnosis->causes[i]);
	for (size_t i = 0; i < diagnosis->count; i++) {
		bool is_first = whys[i] != NULL;

		for (size_t j = 0; j < i && is_first; j++)
			is_first = !whys[j] || !str_equal(whys[i], whys[j]);
		if (!is_first)
			continue;
		if (!begun) {
			draw_heading(draw, CAUSE_NOT_KNOWN);
			draw_confirmed(draw, false);
		}
		begun = true;
		draw_unknowns(draw, i, whys);
	}
}

static void draw_ruled_out(const struct draw *draw)
{
	const struct page *page = &draw->page;
	const struct diagnosis *diagnosis = draw->diagnosed->diagnosis;
	bool begun = false;

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct cause *cause = &diagnosis->causes[i];
		const struct result *result = cause->result;
		const char *title = result_texts(page->arena, result, page->lang).title;

		if (cause->verdict != CAUSE_RULED_OUT)
			continue;
		if (!begun) {
			draw_heading(draw, CAUSE_RULED_OUT);
			str_add_char(page->out, '\n');
		}
		begun = true;
		title = title ? page_safe_lines(page, title) : "";
		if (result->evidence_count && note_is_set(&result->evidence[0].actual))
			title = PAGE_SENTENCE(
				page, TEXT_diagnose_head, title,
				PAGE_SENTENCE(page, TEXT_diagnose_telling,
			                      page_safe(page, result->evidence[0].what),
			                      page_value(page, &result->evidence[0].actual)));
		draw_line(draw, 2, cause, title, rules_width(draw, CAUSE_RULED_OUT));
	}
}

/* --- the whole ------------------------------------------------------------------------------------ */

/* Nothing to judge: what is known of the codes, as `explain` tells it. */
static void draw_explained(const struct draw *draw, const struct render_options *options)
{
	const struct page *page = &draw->page;
	const struct explained *others = &draw->diagnosed->others;

	for (size_t i = 0; i < others->count; i++) {
		const struct explained one = { others->input, 1, &others->matches[i] };

		str_add(page->out, i ? "\n" : "");
		page_flow(page,
		          PAGE_SENTENCE(page, TEXT_diagnose_no_rule, one.matches->entry.shown), 0,
		          2);
		str_add_char(page->out, '\n');
		explain_text(&one, 1, options, page->out);
	}
}

void diagnose_text(const struct diagnosed *diagnosed, const struct render_options *options,
                   struct str *out)
{
	struct draw draw = { .page = page_new(options, out), .diagnosed = diagnosed };

	for (size_t i = 0; i < COUNT(labels); i++)
		draw.label_width =
			larger(draw.label_width, text_width(page_say(&draw.page, labels[i])) + 2);
	if (!*diagnosed->codes) {
		draw_explained(&draw, options);
		return;
	}
	draw_head(&draw);
	draw_confirmed(&draw, true);
	draw_not_known(&draw);
	draw_ruled_out(&draw);
	str_add_char(out, '\n');
	labelled(&draw, 0, TEXT_diagnose_next,
	         page_say(&draw.page, looks[diagnosed->diagnosis->verdict].next));
}
