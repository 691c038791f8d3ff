#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/render/page.h"
#include "cmd/render/term.h"

/* Longer rule ids are not waited for by the titles of the others. */
#define WIDEST_ID 28
/* A title gets at least this much of its line, or a line of its own. */
#define LEAST_TITLE 24

struct draw {
	struct page page;
	const struct report *report;
	unsigned id_column;    /* where rule ids begin, and what is said below a rule */
	unsigned title_column; /* where titles begin; equal to id_column: on the next line */
	unsigned label_width;
	bool gap; /* a blank line is due before the next rule */
};

/* How a status looks. */
static const struct look {
	enum text_id mark, word;
	const char *colour;
} looks[STATUS_COUNT] = {
	[STATUS_PASS] = { TEXT_report_mark_pass, TEXT_report_word_pass, PAGE_GREEN },
	[STATUS_FAIL] = { TEXT_report_mark_fail, TEXT_report_word_fail, PAGE_RED },
	[STATUS_SKIP] = { TEXT_report_mark_skip, TEXT_report_word_skip, PAGE_DIM },
	[STATUS_UNKNOWN] = { TEXT_report_mark_unknown, TEXT_report_word_unknown, PAGE_YELLOW },
	[STATUS_WAIVED] = { TEXT_report_mark_waived, TEXT_report_word_waived, PAGE_BLUE },
};

static const enum text_id level_words[] = {
	[LEVEL_NONE] = TEXT_report_word_fail,
	[LEVEL_WARNING] = TEXT_report_level_warning,
	[LEVEL_ERROR] = TEXT_report_level_error,
	[LEVEL_FATAL] = TEXT_report_level_fatal,
};

static const enum text_id labels[] = {
	TEXT_report_found, TEXT_report_objects, TEXT_report_cause, TEXT_report_fix, TEXT_report_why,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* "  cause   ..." below a rule. A zero label continues the one above. */
static void labelled(const struct draw *draw, const char *label, const char *text)
{
	unsigned column = draw->id_column + draw->label_width;

	page_pad(&draw->page, draw->id_column);
	page_cell(&draw->page, PAGE_DIM, label, draw->label_width);
	page_flow(&draw->page, text, column, column);
}

/* --- the head --------------------------------------------------------------------------- */

static const char *product(const struct draw *draw, const struct endpoint_facts *at)
{
	static const char *const names[] = {
		[FLAVOR_MYSQL] = "MySQL",
		[FLAVOR_MARIADB] = "MariaDB",
		[FLAVOR_OCEANBASE] = "OceanBase",
		[FLAVOR_TIDB] = "TiDB",
	};
	struct version version = endpoint_version(at);

	if (!endpoint_is_reached(at))
		return page_say(&draw->page, TEXT_report_not_reached);
	if (at->kind != KIND_MYSQL)
		return page_say(&draw->page,
		                at->kind == KIND_HOST ? TEXT_report_here : TEXT_report_answers);
	if (version.flavor == FLAVOR_UNKNOWN)
		return at->mysql.version.is.text ? page_safe(&draw->page, at->mysql.version.is.text)
		                                 : "";
	return arena_printf(draw->page.arena, "%s %u.%u.%u", names[version.flavor], version.major,
	                    version.minor, version.patch);
}

/* What guards the line, and whether that is worth a second look. */
static const char *line_words(const struct draw *draw, const struct endpoint_facts *at,
                              const char **ret_colour)
{
	*ret_colour = "";
	if (!endpoint_is_reached(at) || at->kind == KIND_HOST)
		return "";
	if (at->tls)
		return PAGE_SENTENCE(&draw->page, TEXT_report_line_tls,
		                     page_safe(&draw->page, at->tls));
	if (at->local)
		return page_say(&draw->page, TEXT_report_line_local);
	*ret_colour = PAGE_YELLOW;
	return page_say(&draw->page, TEXT_report_line_plain);
}

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* One endpoint on a line; what guards the connection goes below where there is no room for it. */
static void draw_endpoint(const struct draw *draw, const struct endpoint_facts *at,
                          const char *name, const unsigned widths[3])
{
	const char *colour, *line = line_words(draw, at, &colour),
			    *address = page_safe(&draw->page, at->address);
	unsigned column = 2 + widths[0] + widths[1] + widths[2];

	page_pad(&draw->page, 2);
	page_cell(&draw->page, PAGE_DIM, name, widths[0]);
	page_cell(&draw->page, endpoint_is_reached(at) ? PAGE_BOLD : PAGE_RED, product(draw, at),
	          widths[1]);
	if (*line && (draw->page.width == 0 || column + text_width(line) <= draw->page.width)) {
		page_cell(&draw->page, "", address, widths[2]);
		page_paint(&draw->page, colour, line);
	} else {
		str_add(draw->page.out, address);
		if (*line) {
			str_add_char(draw->page.out, '\n');
			page_pad(&draw->page, 2 + widths[0]);
			page_paint(&draw->page, colour, line);
		}
	}
	str_add_char(draw->page.out, '\n');
}

/* What stands over the results of an endpoint, and, last, of source and target together. */
static const enum text_id group_titles[ENDPOINT_COUNT + 1] = {
	[ENDPOINT_SOURCE] = TEXT_report_source,
	[ENDPOINT_TARGET] = TEXT_report_target,
	[ENDPOINT_METADB] = TEXT_report_metadb,
	[ENDPOINT_CM] = TEXT_report_cm,
	[ENDPOINT_CONSOLE] = TEXT_report_console,
	[ENDPOINT_SUPERVISOR] = TEXT_report_supervisor,
	[ENDPOINT_SUPERVISORD] = TEXT_report_supervisord,
	[ENDPOINT_HOST] = TEXT_report_host,
	[ENDPOINT_COUNT] = TEXT_report_pair,
};

static void draw_endpoints(const struct draw *draw, unsigned label_width)
{
	const struct endpoint_facts *all = draw->report->facts->at;
	unsigned widths[] = { label_width, 0, 0 };

	for (size_t i = 0; i < ENDPOINT_COUNT; i++)
		if (all[i].configured) {
			const char *address = page_safe(&draw->page, all[i].address);

			widths[0] = larger(widths[0],
			                   text_width(page_say(&draw->page, group_titles[i])) + 2);
			widths[1] = larger(widths[1], text_width(product(draw, &all[i])) + 2);
			widths[2] = larger(widths[2], text_width(address) + 2);
		}
	for (size_t i = 0; i < ENDPOINT_COUNT; i++)
		if (all[i].configured)
			draw_endpoint(draw, &all[i], page_say(&draw->page, group_titles[i]),
			              widths);
}

static const char *patterns(const struct draw *draw, const struct object_pattern *list,
                            size_t count)
{
	const char **names = arena_array(draw->page.arena, count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = list[i].written;
	return page_listed(&draw->page, names, count, count);
}

static const char *scope_words(const struct draw *draw)
{
	static const enum text_id scopes[SCOPE_COUNT] = {
		[SCOPE_INSTANCE] = TEXT_report_scope_instance,
		[SCOPE_DATABASE] = TEXT_report_scope_database,
		[SCOPE_TABLE] = TEXT_report_scope_table,
	};
	const struct objects *objects = &draw->report->intent->objects;
	const char *scope = PAGE_SENTENCE(&draw->page, scopes[objects->scope],
	                                  patterns(draw, objects->include, objects->include_count));

	if (objects->exclude_count == 0)
		return scope;
	return PAGE_SENTENCE(&draw->page, TEXT_report_scope_without, scope,
	                     patterns(draw, objects->exclude, objects->exclude_count));
}

static void draw_head_line(const struct draw *draw, enum text_id label, const char *text,
                           unsigned label_width)
{
	page_pad(&draw->page, 2);
	page_cell(&draw->page, PAGE_DIM, page_say(&draw->page, label), label_width);
	page_flow(&draw->page, text, 2 + label_width, 2 + label_width);
}

static void draw_head(const struct draw *draw)
{
	static const enum text_id heads[] = { TEXT_report_source,  TEXT_report_target,
		                              TEXT_report_profile, TEXT_report_mode,
		                              TEXT_report_scope,   TEXT_report_note };
	static const enum text_id modes[MODE_COUNT] = {
		[MODE_ONLINE] = TEXT_report_mode_online,
		[MODE_OFFLINE] = TEXT_report_mode_offline,
		[MODE_BACKUP] = TEXT_report_mode_backup,
	};
	const struct report *report = draw->report;
	unsigned width = 0;

	for (size_t i = 0; i < COUNT(heads); i++)
		width = larger(width, text_width(page_say(&draw->page, heads[i])) + 2);
	page_paint(&draw->page, PAGE_BOLD,
	           PAGE_SENTENCE(&draw->page, TEXT_report_head, MIGDOCTOR_VERSION,
	                         clock_rfc3339(draw->page.arena, report->facts->gathered_ms)));
	str_add(draw->page.out, "\n\n");
	draw_endpoints(draw, width);
	for (size_t i = 0; report->profiles[i]; i++) {
		const char *name = page_safe(&draw->page, report->profiles[i]);
		const char *title =
			page_safe(&draw->page, report->profile_titles[i].in[draw->page.lang]);

		draw_head_line(draw, TEXT_report_profile,
		               title ? PAGE_SENTENCE(&draw->page, TEXT_report_titled, name, title)
		                     : name,
		               width);
	}
	draw_head_line(draw, TEXT_report_mode, page_say(&draw->page, modes[report->intent->mode]),
	               width);
	draw_head_line(draw, TEXT_report_scope, scope_words(draw), width);
	for (size_t i = 0; i < report->notice_count; i++)
		draw_head_line(draw, TEXT_report_note, page_note(&draw->page, &report->notices[i]),
		               width);
}

/* --- one result ------------------------------------------------------------------------- */

static const char *evidence_words(const struct draw *draw, const struct evidence *evidence)
{
	const char *words = page_safe(&draw->page, evidence->what);

	if (note_is_set(&evidence->actual))
		words = PAGE_SENTENCE(&draw->page, TEXT_report_evidence_actual, words,
		                      page_value(&draw->page, &evidence->actual));
	if (note_is_set(&evidence->expected))
		words = PAGE_SENTENCE(&draw->page, TEXT_report_evidence_expected, words,
		                      page_value(&draw->page, &evidence->expected));
	if (evidence->from)
		words = PAGE_SENTENCE(&draw->page, TEXT_report_evidence_from, words,
		                      page_safe_statement(&draw->page, evidence->from));
	return words;
}

static void draw_evidence(const struct draw *draw, const struct result *result)
{
	for (size_t i = 0; i < result->evidence_count; i++)
		labelled(draw, i == 0 ? page_say(&draw->page, TEXT_report_found) : "",
		         evidence_words(draw, &result->evidence[i]));
	if (result->object_count == 0)
		return;

	const char **names = arena_array(draw->page.arena, result->object_count, sizeof(*names));
	for (size_t i = 0; i < result->object_count; i++)
		names[i] = result->objects[i].written;
	labelled(draw, page_say(&draw->page, TEXT_report_objects),
	         page_listed(&draw->page, names, result->object_count, result->objects_total));
}

/* Whether `result` waits for the rule of `root`, which is shown with all that wait for it. */
static bool waits_for(const struct result *result, const struct result *root)
{
	return result->status == STATUS_UNKNOWN && result->blocked_by &&
	       (root->status == STATUS_FAIL || root->status == STATUS_WAIVED) &&
	       str_equal(result->blocked_by, root->rule->id) &&
	       str_equal(result->rule->profile, root->rule->profile);
}

static bool is_folded(const struct draw *draw, const struct result *result)
{
	for (size_t i = 0; i < draw->report->count; i++)
		if (waits_for(result, &draw->report->results[i]))
			return true;
	return false;
}

static void draw_waiting(const struct draw *draw, const struct result *root)
{
	const struct report *report = draw->report;
	const char **names = arena_array(draw->page.arena, report->count, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		if (waits_for(&report->results[i], root))
			names[count++] = report->results[i].rule->id;
	if (count == 0)
		return;
	page_pad(&draw->page, draw->id_column);
	page_flow(&draw->page,
	          PAGE_SENTENCE(&draw->page,
	                        count == 1 ? TEXT_report_waits_one : TEXT_report_waits_many,
	                        arena_printf(draw->page.arena, "%zu", count),
	                        page_listed(&draw->page, names, count, count)),
	          draw->id_column, draw->id_column);
}

static const char *status_colour(const struct result *result)
{
	if (result->status == STATUS_FAIL && result->rule->severity == LEVEL_WARNING)
		return PAGE_YELLOW;
	return looks[result->status].colour;
}

/* "  x error    source.binlog-format  Format of the binary log" */
static void draw_line(const struct draw *draw, const struct result *result, const char *title)
{
	const struct look *look = &looks[result->status];
	const char *id = page_safe(&draw->page, result->rule->id), *colour = status_colour(result);
	enum text_id word =
		result->status == STATUS_FAIL ? level_words[result->rule->severity] : look->word;
	unsigned column = draw->id_column + text_width(id) + 2;

	page_pad(&draw->page, 2);
	page_paint(&draw->page, colour, page_say(&draw->page, look->mark));
	str_add_char(draw->page.out, ' ');
	page_cell(&draw->page, colour, page_say(&draw->page, word), draw->id_column - 4);
	if (draw->title_column == draw->id_column) {
		page_paint(&draw->page, PAGE_BOLD, id);
		str_addf(draw->page.out, "\n%*s", (int)draw->id_column, "");
		column = draw->id_column;
	} else if (column <= draw->title_column) {
		column = draw->title_column;
		page_cell(&draw->page, PAGE_BOLD, id, column - draw->id_column);
	} else {
		page_paint(&draw->page, PAGE_BOLD, id);
		str_add(draw->page.out, "  ");
	}
	page_flow(&draw->page, title, column, draw->title_column);
}

static void draw_details(const struct draw *draw, const struct result *result,
                         const struct result_texts *texts)
{
	const char *reason = texts->reason ? page_safe_lines(&draw->page, texts->reason) : NULL;

	if (texts->code && texts->message) {
		page_pad(&draw->page, draw->id_column);
		page_flow(&draw->page,
		          PAGE_SENTENCE(&draw->page, TEXT_report_message,
		                        page_safe(&draw->page, texts->code),
		                        page_safe_lines(&draw->page, texts->message)),
		          draw->id_column, draw->id_column);
	} else if (texts->code && result->status == STATUS_FAIL) {
		page_pad(&draw->page, draw->id_column);
		page_flow(&draw->page, page_safe(&draw->page, texts->code), draw->id_column,
		          draw->id_column);
	}
	if (result->blocked_by)
		reason = PAGE_SENTENCE(&draw->page, TEXT_report_waits_for, reason ? reason : "",
		                       page_safe(&draw->page, result->blocked_by));
	if (reason)
		labelled(draw, page_say(&draw->page, TEXT_report_why), reason);
	draw_evidence(draw, result);
	if (texts->cause && result->status == STATUS_FAIL)
		labelled(draw, page_say(&draw->page, TEXT_report_cause),
		         page_safe_lines(&draw->page, texts->cause));
	if (texts->fix && result->status == STATUS_FAIL)
		labelled(draw, page_say(&draw->page, TEXT_report_fix),
		         page_safe_lines(&draw->page, texts->fix));
	draw_waiting(draw, result);
}

static void draw_result(struct draw *draw, const struct result *result)
{
	struct result shown = page_result(&draw->page, result);
	struct result_texts texts = result_texts(draw->page.arena, &shown, draw->page.lang);
	const char *title = texts.title ? page_safe_lines(&draw->page, texts.title) : "";
	bool brief = result->status == STATUS_PASS || result->status == STATUS_SKIP;

	if (draw->gap ||
	    (!brief && !str_equal(draw->page.out->text + draw->page.out->length - 2, "\n\n")))
		str_add_char(draw->page.out, '\n');
	draw->gap = !brief;
	if (result->status == STATUS_SKIP && texts.reason)
		title = PAGE_SENTENCE(&draw->page, TEXT_report_message, title,
		                      page_safe_lines(&draw->page, texts.reason));
	draw_line(draw, result, title);
	if (!brief)
		draw_details(draw, result, &texts);
}

/* --- groups ----------------------------------------------------------------------------- */

/* The endpoint of a result's group; ENDPOINT_COUNT is the pair. */
static size_t group_of(const struct result *result)
{
	return result->rule->check->on == CHECK_PAIR ? (size_t)ENDPOINT_COUNT
	                                             : (size_t)result->rule->endpoint;
}

/* What must be read stands first: failures from the gravest on, then what is not known. */
#define RANKS (LEVEL_FATAL + 1 + STATUS_COUNT)
static unsigned rank(const struct result *result)
{
	static const unsigned after[STATUS_COUNT] = {
		[STATUS_UNKNOWN] = 0, [STATUS_WAIVED] = 1, [STATUS_PASS] = 2, [STATUS_SKIP] = 3
	};

	if (result->status == STATUS_FAIL)
		return (unsigned)(LEVEL_FATAL - result->rule->severity);
	return LEVEL_FATAL + 1 + after[result->status];
}

static bool is_drawn(const struct draw *draw, const struct result *result, const char *profile,
                     size_t group)
{
	return str_equal(result->rule->profile, profile) && group_of(result) == group &&
	       !is_folded(draw, result);
}

static void draw_group(struct draw *draw, const char *profile, size_t group)
{
	const struct report *report = draw->report;
	bool begun = false;

	for (unsigned at = 0; at < RANKS; at++) {
		for (size_t i = 0; i < report->count; i++) {
			const struct result *result = &report->results[i];

			if (rank(result) != at || !is_drawn(draw, result, profile, group))
				continue;
			if (!begun) {
				str_add_char(draw->page.out, '\n');
				page_paint(&draw->page, PAGE_BOLD,
				           page_say(&draw->page, group_titles[group]));
				str_add(draw->page.out, "\n\n");
				draw->gap = false;
			}
			begun = true;
			draw_result(draw, result);
		}
	}
}

/* --- the end ---------------------------------------------------------------------------- */

static const char *number(const struct draw *draw, size_t value)
{
	return arena_printf(draw->page.arena, "%zu", value);
}

/* "5 fail, 20 pass of 31 rules" */
static const char *counts(const struct draw *draw, const char *profile)
{
	static const enum status order[] = { STATUS_FAIL, STATUS_UNKNOWN, STATUS_WAIVED,
		                             STATUS_PASS, STATUS_SKIP };
	struct summary summary = run_summary(draw->report->results, draw->report->count, profile);
	const char *words = NULL;

	for (size_t i = 0; i < COUNT(order); i++) {
		size_t count = summary.by_status[order[i]];
		const char *part =
			PAGE_SENTENCE(&draw->page, TEXT_report_count, number(draw, count),
		                      page_say(&draw->page, looks[order[i]].word));

		if (count == 0 && order[i] != STATUS_FAIL)
			continue;
		words = words ? PAGE_SENTENCE(&draw->page, TEXT_report_count_next, words, part)
		              : part;
	}
	return PAGE_SENTENCE(&draw->page,
	                     summary.planned == 1 ? TEXT_report_count_rule
	                                          : TEXT_report_count_rules,
	                     words, number(draw, summary.planned));
}

/* How a verdict looks and what is said of it. */
static const struct verdict_look {
	enum text_id word, sum, next;
	const char *colour;
} verdicts[] = {
	[VERDICT_READY] = { TEXT_report_verdict_ready, TEXT_report_sum_ready,
	                    TEXT_report_next_ready, PAGE_GREEN },
	[VERDICT_BLOCKED] = { TEXT_report_verdict_blocked, TEXT_report_sum_blocked,
	                      TEXT_report_next_blocked, PAGE_RED },
	[VERDICT_INCOMPLETE] = { TEXT_report_verdict_incomplete, TEXT_report_sum_incomplete,
	                         TEXT_report_next_incomplete, PAGE_YELLOW },
	[VERDICT_INTERRUPTED] = { TEXT_report_verdict_interrupted, TEXT_report_sum_interrupted,
	                          TEXT_report_next_interrupted, PAGE_YELLOW },
};

/* How many results of a status count for the verdict, and the first rule to look at. */
static size_t decisive(const struct draw *draw, enum status status, const char **ret_first)
{
	const struct report *report = draw->report;
	size_t count = 0;

	*ret_first = "";
	for (unsigned at = 0; at < RANKS; at++)
		for (size_t i = 0; i < report->count; i++) {
			const struct result *result = &report->results[i];

			if (rank(result) != at || result->status != status ||
			    result->rule->severity < report->fail_on)
				continue;
			if (count++ == 0)
				*ret_first = page_safe(&draw->page, result->rule->id);
		}
	return count;
}

static void draw_closing_line(const struct draw *draw, const char *colour, const char *head,
                              const char *text)
{
	unsigned width = text_width(head);

	/* Chinese punctuation brings its own space. */
	page_cell(&draw->page, colour, head, width + (width == strlen(head) ? 1 : 0));
	page_flow(&draw->page, text, width + 1, 2);
}

static void draw_profile_verdicts(const struct draw *draw)
{
	const struct report *report = draw->report;

	if (!report->profiles[0] || !report->profiles[1])
		return;
	for (const char *const *name = report->profiles; *name; name++) {
		enum verdict verdict =
			run_verdict(report->results, report->count, *name, report->fail_on);

		str_add(draw->page.out, page_safe(&draw->page, *name));
		str_add(draw->page.out, "  ");
		draw_closing_line(draw, verdicts[verdict].colour,
		                  page_say(&draw->page, verdicts[verdict].word),
		                  counts(draw, *name));
	}
	str_add_char(draw->page.out, '\n');
}

static void draw_summary(const struct draw *draw)
{
	const struct report *report = draw->report;
	const struct verdict_look *look = &verdicts[report->verdict];
	bool blocked = report->verdict == VERDICT_BLOCKED;
	struct summary summary = run_summary(report->results, report->count, NULL);
	const char *rule;
	size_t count = decisive(draw, blocked ? STATUS_FAIL : STATUS_UNKNOWN, &rule);
	enum text_id sum = report->verdict == VERDICT_READY && summary.by_status[STATUS_FAIL] > 0
	                           ? TEXT_report_sum_ready_below
	                           : look->sum;

	str_add_char(draw->page.out, '\n');
	draw_profile_verdicts(draw);
	draw_closing_line(draw, look->colour, page_say(&draw->page, look->word),
	                  PAGE_SENTENCE(&draw->page, sum,
	                                page_say(&draw->page, level_words[report->fail_on]),
	                                number(draw, count)));
	page_pad(&draw->page, 2);
	page_flow(&draw->page, counts(draw, NULL), 2, 2);
	draw_closing_line(draw, PAGE_BOLD, page_say(&draw->page, TEXT_report_next),
	                  PAGE_SENTENCE(&draw->page, look->next, rule));
}

/* --- the whole -------------------------------------------------------------------------- */

/* Where columns begin, from the words of the language and the ids of the rules. */
static void lay_out(struct draw *draw)
{
	unsigned words = 0, ids = 0;

	for (size_t i = 0; i < STATUS_COUNT; i++)
		if (i != STATUS_FAIL)
			words = larger(words, text_width(page_say(&draw->page, looks[i].word)));
	for (size_t i = 0; i < COUNT(level_words); i++)
		words = larger(words, text_width(page_say(&draw->page, level_words[i])));
	for (size_t i = 0; i < draw->report->count; i++) {
		unsigned width =
			text_width(page_safe(&draw->page, draw->report->results[i].rule->id));

		if (width <= WIDEST_ID)
			ids = larger(ids, width);
	}
	for (size_t i = 0; i < COUNT(labels); i++)
		draw->label_width =
			larger(draw->label_width, text_width(page_say(&draw->page, labels[i])) + 2);
	draw->id_column = 4 + words + 2;
	draw->title_column = draw->id_column + ids + 2;
	if (draw->page.width > 0 && draw->title_column + LEAST_TITLE > draw->page.width)
		draw->title_column = draw->id_column;
}

static void draw_text(const struct report *report, const struct render_options *options,
                      struct str *out)
{
	struct draw draw = { .page = page_new(options, out), .report = report };

	lay_out(&draw);
	draw_head(&draw);
	for (const char *const *name = report->profiles; *name; name++) {
		if (report->profiles[1]) {
			str_add_char(out, '\n');
			page_paint(&draw.page, PAGE_BOLD,
			           arena_printf(out->arena, "%s %s",
			                        page_say(&draw.page, TEXT_report_profile),
			                        page_safe(&draw.page, *name)));
			str_add_char(out, '\n');
		}
		for (size_t group = 0; group <= ENDPOINT_COUNT; group++)
			draw_group(&draw, *name, group);
	}
	draw_summary(&draw);
}

const struct renderer render_text = { .name = "text", .draw = draw_text };
