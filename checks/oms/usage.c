#include "checks/oms/usage.h"

#include "checks/oms/oms.h"

#include <string.h>

#define WHOLE 1000000000LL

bool usage_read(const char *text, long long *ret_billionths)
{
	size_t digits = strspn(text, "0123456789"), length;
	long long value = 0, place = WHOLE;
	bool percent;

	if (!digits || digits > 6)
		return false;
	for (size_t i = 0; i < digits; i++)
		value = value * 10 + (text[i] - '0');
	value *= WHOLE;
	text += digits;
	if (*text == '.') {
		length = strspn(++text, "0123456789");
		if (!length)
			return false;
		for (size_t i = 0; i < length && place > 1; i++)
			value += (text[i] - '0') * (place /= 10);
		text += length;
	}
	percent = *text == '%';
	if (text[percent])
		return false;
	*ret_billionths = percent ? value / 100 : value;
	return true;
}

/* Four places are enough to see by how much. */
static const char *share(struct arena *arena, long long billionths)
{
	return arena_printf(arena, "%lld.%04lld", billionths / WHOLE, billionths % WHOLE / 100000);
}

struct limit {
	const char *text, *key, *place;
	long long value;
};

/* The limit that CM was given, else the one that the profile says it starts with. */
static bool find_limit(const struct check_input *in, struct limit *ret)
{
	const struct rows *settings = oms_seen(in, FACT_host_thresholds);
	size_t row;

	*ret = (struct limit){ .text = param_texts(in, "limit")[0],
		               .key = param_texts(in, "key")[0] };
	if (ret->key && oms_row(settings, "key", ret->key, &row) &&
	    rows_get(settings, row, "value")) {
		const char *line = rows_get(settings, row, "line");

		ret->text = rows_get(settings, row, "value");
		ret->place = arena_printf(in->arena, "%s%s%s", oms_from(in, FACT_host_thresholds),
		                          line ? ":" : "", line ? line : "");
	}
	return usage_read(ret->text, &ret->value);
}

static struct note limit_note(const struct limit *limit)
{
	if (!limit->key)
		return NOTE(TEXT_check_oms_at_most, limit->text);
	return limit->place ? NOTE(TEXT_check_oms_limit_set, limit->text, limit->key, limit->place)
	                    : NOTE(TEXT_check_oms_limit_default, limit->text, limit->key);
}

static void add_values(const struct check_input *in, struct finding *finding, const char *what,
                       const char *host, const char *used, long long value,
                       const struct limit *limit)
{
	finding_value(finding, "resource", what);
	finding_value(finding, "host", host);
	finding_value(finding, "used", used);
	finding_value(finding, "limit", limit->text);
	finding_value(finding, "over", share(in->arena, value - limit->value));
	finding_value(finding, "key", limit->key ? limit->key : "-");
}

static void judge_row(const struct check_input *in, const struct usage *usage, size_t row,
                      const struct limit *limit, struct finding *finding)
{
	const struct rows *rows = oms_seen(in, usage->fact);
	const char *used = rows_get(rows, row, "used"), *total = rows_get(rows, row, "total");
	const char *path = rows_get(rows, row, "path");
	const char *host = oms_own_address(in), *what = path ? path : usage->resource;
	long long value, size;

	if (!used || !usage_read(used, &value)) {
		finding_unknown(finding,
		                NOTE(TEXT_check_oms_usage_unreadable, what, used ? used : "NULL"));
		return;
	}
	if (value <= limit->value)
		return;
	if (total && str_to_int(total, &size))
		total = usage->bytes ? oms_bytes(in->arena, size)
		                     : arena_printf(in->arena, "%lld CPU", size);
	host = host ? host : in->facts->at[ENDPOINT_HOST].address;
	finding_fail(finding, (struct evidence){
				      .what = arena_printf(in->arena, "%s (%s)", what, host),
				      .expected = limit_note(limit),
				      .actual = NOTE(TEXT_check_oms_usage, used,
	                                             share(in->arena, value - limit->value),
	                                             total ? total : "?"),
				      .from = rows_get(rows, row, "basis"),
			      });
	finding_thing(finding, what);
	add_values(in, finding, what, host, used, value, limit);
}

/* What CM said when it refused counts, however it is now. */
static bool judge_said(const struct check_input *in, const struct usage *usage,
                       const struct limit *known, struct finding *finding)
{
	const struct said *said = &in->intent->said;
	const char *host = said->host ? said->host : "<host>";
	struct limit limit = { .text = said->limit, .key = known->key };
	long long value;

	if (!said->resource || !str_equal_nocase(said->resource, usage->resource) || !said->used ||
	    !usage_read(said->used, &value))
		return false;
	if (!limit.text || !usage_read(limit.text, &limit.value))
		limit = *known;
	if (value <= limit.value)
		return false;
	finding_fail(finding,
	             (struct evidence){
			     .what = arena_printf(in->arena, "%s (%s)", usage->resource, host),
			     .expected = NOTE(TEXT_check_oms_at_most, limit.text),
			     .actual = NOTE(TEXT_check_oms_usage_said, said->used,
	                                    share(in->arena, value - limit.value)),
			     .from = said->words,
		     });
	finding_thing(finding, usage->resource);
	add_values(in, finding, usage->resource, host, said->used, value, &limit);
	return true;
}

void usage_judge(const struct check_input *in, const struct usage *usage, struct finding *finding)
{
	const struct rows *rows = oms_seen(in, usage->fact);
	struct limit limit;

	if (!find_limit(in, &limit)) {
		finding_unknown(finding, NOTE(TEXT_check_oms_usage_unreadable,
		                              limit.key ? limit.key : usage->resource, limit.text));
		return;
	}
	if (!judge_said(in, usage, &limit, finding) && !rows)
		finding_unknown(finding, oms_why_missing(in, usage->fact));
	for (size_t i = 0; rows && i < rows->count; i++)
		judge_row(in, usage, i, &limit, finding);
	if (rows && !rows->count)
		finding_unknown(finding, NOTE(TEXT_check_oms_usage_unseen, usage->resource));
}
