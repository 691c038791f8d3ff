#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/render/render.h"
#include "cmd/render/term.h"
#include "cmd/render/wrap.h"

/* Lines longer than this tire the eye; narrower ones leave no room for the columns. */
#define WIDEST 120
#define NARROWEST 40
/* Longer rule ids are not waited for by the titles of the others. */
#define WIDEST_ID 28
/* A title gets at least this much of its line, or a line of its own. */
#define LEAST_TITLE 24
/* Objects and rules named in one list; the JSON report has all. */
#define LISTED 10

static const char RESET[] = "\033[0m", BOLD[] = "\033[1m", DIM[] = "\033[2m", RED[] = "\033[1;31m",
		  GREEN[] = "\033[32m", YELLOW[] = "\033[33m", BLUE[] = "\033[34m",
		  CYAN[] = "\033[36m";

struct draw {
	struct arena *arena;
	const struct report *report;
	enum lang lang;
	bool colour;
	unsigned width;        /* 0: do not wrap */
	unsigned id_column;    /* where rule ids begin, and what is said below a rule */
	unsigned title_column; /* where titles begin; equal to id_column: on the next line */
	unsigned label_width;
	bool gap; /* a blank line is due before the next rule */
	struct str *out;
};

/* How a status looks. */
static const struct look {
	enum text_id mark, word;
	const char *colour;
} looks[STATUS_COUNT] = {
	[STATUS_PASS] = { TEXT_report_mark_pass, TEXT_report_word_pass, GREEN },
	[STATUS_FAIL] = { TEXT_report_mark_fail, TEXT_report_word_fail, RED },
	[STATUS_SKIP] = { TEXT_report_mark_skip, TEXT_report_word_skip, DIM },
	[STATUS_UNKNOWN] = { TEXT_report_mark_unknown, TEXT_report_word_unknown, YELLOW },
	[STATUS_WAIVED] = { TEXT_report_mark_waived, TEXT_report_word_waived, BLUE },
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

/* --- pieces ----------------------------------------------------------------------------- */

/* Our own words. */
static const char *say(const struct draw *draw, enum text_id id)
{
	return text_get(id, draw->lang);
}

/* A sentence of ours round words that are already safe to show. */
#define SENTENCE(draw, id, ...) note_text((draw)->arena, &NOTE(id, __VA_ARGS__), (draw)->lang)

/* A text from outside, on one line. */
static const char *safe(const struct draw *draw, const char *text)
{
	return term_safe(draw->arena, text, "");
}

/* A text of profile or catalog, where a newline is one that its author wrote. */
static const char *safe_lines(const struct draw *draw, const char *text)
{
	return term_safe(draw->arena, text, "\n");
}

/* SQL may have been written over several lines. */
static const char *safe_statement(const struct draw *draw, const char *text)
{
	char *line = arena_strdup(draw->arena, text);

	for (char *c = line; c && *c; c++)
		if (*c == '\n' || *c == '\t' || *c == '\r')
			*c = ' ';
	return safe(draw, line);
}

/* Lists in an argument are parted by \x1f, which note_text takes out again. */
static struct note safe_note(const struct draw *draw, const struct note *note)
{
	struct note result = *note;

	for (size_t i = 0; i < COUNT(result.args); i++)
		result.args[i] = term_safe(draw->arena, note->args[i], "\x1f");
	return result;
}

static const char *note_words(const struct draw *draw, const struct note *note)
{
	struct note shown = safe_note(draw, note);

	return safe_lines(draw, note_text(draw->arena, &shown, draw->lang));
}

/* A result whose texts from servers cannot pretend to be lines of ours. */
static struct result safe_result(const struct draw *draw, const struct result *result)
{
	struct result shown = *result;
	size_t count = 0;

	shown.reason = safe_note(draw, &result->reason);
	while (result->values && result->values[count])
		count++;
	const char **values = arena_array(draw->arena, count + 1, sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = safe(draw, result->values[i]);
	shown.values = values;
	return shown;
}

static void paint(const struct draw *draw, const char *colour, const char *text)
{
	bool coloured = draw->colour && *colour && *text;

	str_add(draw->out, coloured ? colour : "");
	str_add(draw->out, text);
	str_add(draw->out, coloured ? RESET : "");
}

static void pad(const struct draw *draw, unsigned columns)
{
	str_addf(draw->out, "%*s", (int)columns, "");
}

/* Paints a text and fills up to `columns`. */
static void paint_cell(const struct draw *draw, const char *colour, const char *text,
                       unsigned columns)
{
	unsigned width = text_width(text);

	paint(draw, colour, text);
	pad(draw, width < columns ? columns - width : 0);
}

/* Running text from `column` on, its further lines indented by as much as `indent`. */
static void flow(const struct draw *draw, const char *text, unsigned column, unsigned indent)
{
	struct wrap wrap = {
		.width = draw->width,
		.indent = indent,
		.quote_on = draw->colour ? CYAN : NULL,
		.quote_off = draw->colour ? RESET : NULL,
	};
	size_t length = strlen(text);

	while (length > 0 && strchr(" \n", text[length - 1]))
		length--;
	wrap_add(draw->out, arena_strndup(draw->arena, text, length), column, &wrap);
	str_add_char(draw->out, '\n');
}

/* "  cause   ..." below a rule. A zero label continues the one above. */
static void labelled(const struct draw *draw, const char *label, const char *text)
{
	unsigned column = draw->id_column + draw->label_width;

	pad(draw, draw->id_column);
	paint_cell(draw, DIM, label, draw->label_width);
	flow(draw, text, column, column);
}

/* "a, b, c and 7 more" */
static const char *listed(const struct draw *draw, const char *const *names, size_t count,
                          uint64_t total)
{
	struct str list = str_new(draw->arena);

	for (size_t i = 0; i < count && i < LISTED; i++) {
		str_add(&list, i > 0 ? ", " : "");
		str_add(&list, safe(draw, names[i]));
	}
	uint64_t shown = count < LISTED ? count : LISTED;
	if (total <= shown)
		return list.text;
	return SENTENCE(draw, TEXT_report_list_more, list.text,
	                arena_printf(draw->arena, "%llu", (unsigned long long)(total - shown)));
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
		return say(draw, TEXT_report_not_reached);
	if (at->kind != KIND_MYSQL)
		return say(draw, at->kind == KIND_HOST ? TEXT_report_here : TEXT_report_answers);
	if (version.flavor == FLAVOR_UNKNOWN)
		return at->mysql.version.is.text ? safe(draw, at->mysql.version.is.text) : "";
	return arena_printf(draw->arena, "%s %u.%u.%u", names[version.flavor], version.major,
	                    version.minor, version.patch);
}

/* What guards the line, and whether that is worth a second look. */
static const char *line_words(const struct draw *draw, const struct endpoint_facts *at,
                              const char **ret_colour)
{
	*ret_colour = "";
	if (!endpoint_is_reached(at))
		return "";
	if (at->tls)
		return SENTENCE(draw, TEXT_report_line_tls, safe(draw, at->tls));
	if (at->local)
		return say(draw, TEXT_report_line_local);
	*ret_colour = YELLOW;
	return say(draw, TEXT_report_line_plain);
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
			    *address = safe(draw, at->address);
	unsigned column = 2 + widths[0] + widths[1] + widths[2];

	pad(draw, 2);
	paint_cell(draw, DIM, name, widths[0]);
	paint_cell(draw, endpoint_is_reached(at) ? BOLD : RED, product(draw, at), widths[1]);
	if (*line && (draw->width == 0 || column + text_width(line) <= draw->width)) {
		paint_cell(draw, "", address, widths[2]);
		paint(draw, colour, line);
	} else {
		str_add(draw->out, address);
		if (*line) {
			str_add_char(draw->out, '\n');
			pad(draw, 2 + widths[0]);
			paint(draw, colour, line);
		}
	}
	str_add_char(draw->out, '\n');
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
			const char *address = safe(draw, all[i].address);

			widths[0] = larger(widths[0],
			                   text_width(say(draw, group_titles[i])) + 2);
			widths[1] = larger(widths[1], text_width(product(draw, &all[i])) + 2);
			widths[2] = larger(widths[2], text_width(address) + 2);
		}
	for (size_t i = 0; i < ENDPOINT_COUNT; i++)
		if (all[i].configured)
			draw_endpoint(draw, &all[i], say(draw, group_titles[i]), widths);
}

static const char *patterns(const struct draw *draw, const struct object_pattern *list,
                            size_t count)
{
	const char **names = arena_array(draw->arena, count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = list[i].written;
	return listed(draw, names, count, count);
}

static const char *scope_words(const struct draw *draw)
{
	static const enum text_id scopes[SCOPE_COUNT] = {
		[SCOPE_INSTANCE] = TEXT_report_scope_instance,
		[SCOPE_DATABASE] = TEXT_report_scope_database,
		[SCOPE_TABLE] = TEXT_report_scope_table,
	};
	const struct objects *objects = &draw->report->intent->objects;
	const char *scope = SENTENCE(draw, scopes[objects->scope],
	                             patterns(draw, objects->include, objects->include_count));

	if (objects->exclude_count == 0)
		return scope;
	return SENTENCE(draw, TEXT_report_scope_without, scope,
	                patterns(draw, objects->exclude, objects->exclude_count));
}

static void draw_head_line(const struct draw *draw, enum text_id label, const char *text,
                           unsigned label_width)
{
	pad(draw, 2);
	paint_cell(draw, DIM, say(draw, label), label_width);
	flow(draw, text, 2 + label_width, 2 + label_width);
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
		width = larger(width, text_width(say(draw, heads[i])) + 2);
	paint(draw, BOLD,
	      SENTENCE(draw, TEXT_report_head, MIGDOCTOR_VERSION,
	               clock_rfc3339(draw->arena, report->facts->gathered_ms)));
	str_add(draw->out, "\n\n");
	draw_endpoints(draw, width);
	for (size_t i = 0; report->profiles[i]; i++) {
		const char *name = safe(draw, report->profiles[i]);
		const char *title = safe(draw, report->profile_titles[i].in[draw->lang]);

		draw_head_line(draw, TEXT_report_profile,
		               title ? SENTENCE(draw, TEXT_report_titled, name, title) : name,
		               width);
	}
	draw_head_line(draw, TEXT_report_mode, say(draw, modes[report->intent->mode]), width);
	draw_head_line(draw, TEXT_report_scope, scope_words(draw), width);
	for (size_t i = 0; i < report->notice_count; i++)
		draw_head_line(draw, TEXT_report_note, note_words(draw, &report->notices[i]),
		               width);
}

/* --- one result ------------------------------------------------------------------------- */

static const char *note_or_empty(const struct draw *draw, const struct note *note)
{
	const char *words = note_words(draw, note);

	return *words ? words : say(draw, TEXT_report_empty);
}

static const char *evidence_words(const struct draw *draw, const struct evidence *evidence)
{
	const char *words = safe(draw, evidence->what);

	if (note_is_set(&evidence->actual))
		words = SENTENCE(draw, TEXT_report_evidence_actual, words,
		                 note_or_empty(draw, &evidence->actual));
	if (note_is_set(&evidence->expected))
		words = SENTENCE(draw, TEXT_report_evidence_expected, words,
		                 note_or_empty(draw, &evidence->expected));
	if (evidence->from)
		words = SENTENCE(draw, TEXT_report_evidence_from, words,
		                 safe_statement(draw, evidence->from));
	return words;
}

static void draw_evidence(const struct draw *draw, const struct result *result)
{
	for (size_t i = 0; i < result->evidence_count; i++)
		labelled(draw, i == 0 ? say(draw, TEXT_report_found) : "",
		         evidence_words(draw, &result->evidence[i]));
	if (result->object_count == 0)
		return;

	const char **names = arena_array(draw->arena, result->object_count, sizeof(*names));
	for (size_t i = 0; i < result->object_count; i++)
		names[i] = result->objects[i].written;
	labelled(draw, say(draw, TEXT_report_objects),
	         listed(draw, names, result->object_count, result->objects_total));
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
	const char **names = arena_array(draw->arena, report->count, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		if (waits_for(&report->results[i], root))
			names[count++] = report->results[i].rule->id;
	if (count == 0)
		return;
	pad(draw, draw->id_column);
	flow(draw,
	     SENTENCE(draw, count == 1 ? TEXT_report_waits_one : TEXT_report_waits_many,
	              arena_printf(draw->arena, "%zu", count), listed(draw, names, count, count)),
	     draw->id_column, draw->id_column);
}

static const char *status_colour(const struct result *result)
{
	if (result->status == STATUS_FAIL && result->rule->severity == LEVEL_WARNING)
		return YELLOW;
	return looks[result->status].colour;
}

/* "  x error    source.binlog-format  Format of the binary log" */
static void draw_line(const struct draw *draw, const struct result *result, const char *title)
{
	const struct look *look = &looks[result->status];
	const char *id = safe(draw, result->rule->id), *colour = status_colour(result);
	enum text_id word =
		result->status == STATUS_FAIL ? level_words[result->rule->severity] : look->word;
	unsigned column = draw->id_column + text_width(id) + 2;

	pad(draw, 2);
	paint(draw, colour, say(draw, look->mark));
	str_add_char(draw->out, ' ');
	paint_cell(draw, colour, say(draw, word), draw->id_column - 4);
	if (draw->title_column == draw->id_column) {
		paint(draw, BOLD, id);
		str_addf(draw->out, "\n%*s", (int)draw->id_column, "");
		column = draw->id_column;
	} else if (column <= draw->title_column) {
		column = draw->title_column;
		paint_cell(draw, BOLD, id, column - draw->id_column);
	} else {
		paint(draw, BOLD, id);
		str_add(draw->out, "  ");
	}
	flow(draw, title, column, draw->title_column);
}

static void draw_details(const struct draw *draw, const struct result *result,
                         const struct result_texts *texts)
{
	const char *reason = texts->reason ? safe_lines(draw, texts->reason) : NULL;

	if (texts->code && texts->message) {
		pad(draw, draw->id_column);
		flow(draw,
		     SENTENCE(draw, TEXT_report_message, safe(draw, texts->code),
		              safe_lines(draw, texts->message)),
		     draw->id_column, draw->id_column);
	} else if (texts->code && result->status == STATUS_FAIL) {
		pad(draw, draw->id_column);
		flow(draw, safe(draw, texts->code), draw->id_column, draw->id_column);
	}
	if (result->blocked_by)
		reason = SENTENCE(draw, TEXT_report_waits_for, reason ? reason : "",
		                  safe(draw, result->blocked_by));
	if (reason)
		labelled(draw, say(draw, TEXT_report_why), reason);
	draw_evidence(draw, result);
	if (texts->cause && result->status == STATUS_FAIL)
		labelled(draw, say(draw, TEXT_report_cause), safe_lines(draw, texts->cause));
	if (texts->fix && result->status == STATUS_FAIL)
		labelled(draw, say(draw, TEXT_report_fix), safe_lines(draw, texts->fix));
	draw_waiting(draw, result);
}

static void draw_result(struct draw *draw, const struct result *result)
{
	struct result shown = safe_result(draw, result);
	struct result_texts texts = result_texts(draw->arena, &shown, draw->lang);
	const char *title = texts.title ? safe_lines(draw, texts.title) : "";
	bool brief = result->status == STATUS_PASS || result->status == STATUS_SKIP;

	if (draw->gap || (!brief && !str_equal(draw->out->text + draw->out->length - 2, "\n\n")))
		str_add_char(draw->out, '\n');
	draw->gap = !brief;
	if (result->status == STATUS_SKIP && texts.reason)
		title = SENTENCE(draw, TEXT_report_message, title, safe_lines(draw, texts.reason));
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
				str_add_char(draw->out, '\n');
				paint(draw, BOLD, say(draw, group_titles[group]));
				str_add(draw->out, "\n\n");
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
	return arena_printf(draw->arena, "%zu", value);
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
		const char *part = SENTENCE(draw, TEXT_report_count, number(draw, count),
		                            say(draw, looks[order[i]].word));

		if (count == 0 && order[i] != STATUS_FAIL)
			continue;
		words = words ? SENTENCE(draw, TEXT_report_count_next, words, part) : part;
	}
	return SENTENCE(draw,
	                summary.planned == 1 ? TEXT_report_count_rule : TEXT_report_count_rules,
	                words, number(draw, summary.planned));
}

/* How a verdict looks and what is said of it. */
static const struct verdict_look {
	enum text_id word, sum, next;
	const char *colour;
} verdicts[] = {
	[VERDICT_READY] = { TEXT_report_verdict_ready, TEXT_report_sum_ready,
	                    TEXT_report_next_ready, GREEN },
	[VERDICT_BLOCKED] = { TEXT_report_verdict_blocked, TEXT_report_sum_blocked,
	                      TEXT_report_next_blocked, RED },
	[VERDICT_INCOMPLETE] = { TEXT_report_verdict_incomplete, TEXT_report_sum_incomplete,
	                         TEXT_report_next_incomplete, YELLOW },
	[VERDICT_INTERRUPTED] = { TEXT_report_verdict_interrupted, TEXT_report_sum_interrupted,
	                          TEXT_report_next_interrupted, YELLOW },
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
				*ret_first = safe(draw, result->rule->id);
		}
	return count;
}

static void draw_closing_line(const struct draw *draw, const char *colour, const char *head,
                              const char *text)
{
	unsigned width = text_width(head);

	/* Chinese punctuation brings its own space. */
	paint_cell(draw, colour, head, width + (width == strlen(head) ? 1 : 0));
	flow(draw, text, width + 1, 2);
}

static void draw_profile_verdicts(const struct draw *draw)
{
	const struct report *report = draw->report;

	if (!report->profiles[0] || !report->profiles[1])
		return;
	for (const char *const *name = report->profiles; *name; name++) {
		enum verdict verdict =
			run_verdict(report->results, report->count, *name, report->fail_on);

		str_add(draw->out, safe(draw, *name));
		str_add(draw->out, "  ");
		draw_closing_line(draw, verdicts[verdict].colour, say(draw, verdicts[verdict].word),
		                  counts(draw, *name));
	}
	str_add_char(draw->out, '\n');
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

	str_add_char(draw->out, '\n');
	draw_profile_verdicts(draw);
	draw_closing_line(
		draw, look->colour, say(draw, look->word),
		SENTENCE(draw, sum, say(draw, level_words[report->fail_on]), number(draw, count)));
	pad(draw, 2);
	flow(draw, counts(draw, NULL), 2, 2);
	draw_closing_line(draw, BOLD, say(draw, TEXT_report_next),
	                  SENTENCE(draw, look->next, rule));
}

/* --- the whole -------------------------------------------------------------------------- */

/* Where columns begin, from the words of the language and the ids of the rules. */
static void lay_out(struct draw *draw)
{
	unsigned words = 0, ids = 0;

	for (size_t i = 0; i < STATUS_COUNT; i++)
		if (i != STATUS_FAIL)
			words = larger(words, text_width(say(draw, looks[i].word)));
	for (size_t i = 0; i < COUNT(level_words); i++)
		words = larger(words, text_width(say(draw, level_words[i])));
	for (size_t i = 0; i < draw->report->count; i++) {
		unsigned width = text_width(safe(draw, draw->report->results[i].rule->id));

		if (width <= WIDEST_ID)
			ids = larger(ids, width);
	}
	for (size_t i = 0; i < COUNT(labels); i++)
		draw->label_width = larger(draw->label_width, text_width(say(draw, labels[i])) + 2);
	draw->id_column = 4 + words + 2;
	draw->title_column = draw->id_column + ids + 2;
	if (draw->width > 0 && draw->title_column + LEAST_TITLE > draw->width)
		draw->title_column = draw->id_column;
}

static unsigned usable_width(unsigned width)
{
	if (width == 0)
		return 0;
	return width > WIDEST ? WIDEST : larger(width, NARROWEST);
}

static void draw_text(const struct report *report, const struct render_options *options,
                      struct str *out)
{
	struct draw draw = {
		.arena = out->arena,
		.report = report,
		.lang = options->lang,
		.colour = options->colour,
		.width = usable_width(options->width),
		.out = out,
	};

	lay_out(&draw);
	draw_head(&draw);
	for (const char *const *name = report->profiles; *name; name++) {
		if (report->profiles[1]) {
			str_add_char(out, '\n');
			paint(&draw, BOLD,
			      arena_printf(out->arena, "%s %s", say(&draw, TEXT_report_profile),
			                   safe(&draw, *name)));
			str_add_char(out, '\n');
		}
		for (size_t group = 0; group <= ENDPOINT_COUNT; group++)
			draw_group(&draw, *name, group);
	}
	draw_summary(&draw);
}

const struct renderer render_text = { .name = "text", .draw = draw_text };
