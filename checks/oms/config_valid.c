#include "checks/oms/oms.h"

#include <string.h>

/* One rule about config.yaml as the profile writes it: "cm_location 0 127". */
struct config_rule {
	const struct check_input *in;
	struct finding *finding;
	const char *text;
	const char *key;
};

static const char *word(const struct config_rule *rule, size_t index)
{
	return oms_word(rule->in->arena, rule->text, index);
}

static void refuse(const struct config_rule *rule, const char *line, struct note expected,
                   struct note actual)
{
	finding_fail(rule->finding, (struct evidence){ .what = rule->key,
	                                               .expected = expected,
	                                               .actual = actual,
	                                               .from = oms_config_place(rule->in, line) });
	finding_thing(rule->finding, rule->key);
	finding_value(rule->finding, "key", rule->key);
	finding_value(rule->finding, "file", oms_from(rule->in, FACT_host_config));
	finding_sentence(rule->in, rule->finding, "expected", expected);
	finding_sentence(rule->in, rule->finding, "actual", actual);
}

static void judge_required(const struct config_rule *rule)
{
	const struct rows *config = oms_seen(rule->in, FACT_host_config);
	size_t row;

	if (oms_config(rule->in, rule->key))
		return;
	if (oms_row(config, "key", rule->key, &row))
		refuse(rule, rows_get(config, row, "line"), NOTE(TEXT_check_oms_config_some),
		       NOTE(TEXT_check_oms_config_empty));
	else
		refuse(rule, NULL, NOTE(TEXT_check_oms_config_some),
		       NOTE(TEXT_check_oms_config_absent));
}

/* "tsdb_enabled true tsdb_url": the third is needed where the first is the second. */
static void judge_implied(const struct config_rule *rule)
{
	const char *value = oms_config(rule->in, rule->key);
	struct config_rule implied = *rule;

	implied.key = word(rule, 2);
	if (value && implied.key && str_equal_nocase(value, word(rule, 1)))
		judge_required(&implied);
}

/* Calls `judge` for each value of the key that is not empty. */
static void each_value(const struct config_rule *rule,
                       void (*judge)(const struct config_rule *rule, size_t row, const char *value))
{
	const struct rows *config = oms_seen(rule->in, FACT_host_config);

	for (size_t i = 0; i < config->count; i++) {
		const char *key = rows_get(config, i, "key");
		const char *value = rows_get(config, i, "value");

		if (key && str_equal(key, rule->key) && value && *value)
			judge(rule, i, value);
	}
}

static const char *line_of(const struct config_rule *rule, size_t row)
{
	return rows_get(oms_seen(rule->in, FACT_host_config), row, "line");
}

/* "cm_location 0 127" */
static void judge_range_of(const struct config_rule *rule, size_t row, const char *value)
{
	const char *least = word(rule, 1), *most = word(rule, 2);
	long long number, low = 0, high = 0;

	if (str_to_int(least, &low) && str_to_int(most, &high) && str_to_int(value, &number) &&
	    number >= low && number <= high)
		return;
	refuse(rule, line_of(rule, row), NOTE(TEXT_check_oms_config_range, least, most),
	       VERBATIM(value));
}

/* "tsdb_service INFLUXDB CERESDB" */
static void judge_words_of(const struct config_rule *rule, size_t row, const char *value)
{
	const char *words[9] = { NULL };

	for (size_t i = 0; i < 8; i++)
		words[i] = word(rule, i + 1);
	if (!words_have(words, value))
		refuse(rule, line_of(rule, row), note_one_of(rule->in->arena, words),
		       VERBATIM(value));
}

/* "cm_nodes 127.*": no value may look like it, unless the plan says that it is this host. */
static void judge_refused_of(const struct config_rule *rule, size_t row, const char *value)
{
	const char *glob = word(rule, 1), *real = rule->in->intent->oms.host_ip;

	if (str_matches_glob(value, glob) && !(real && strstr(value, real)))
		refuse(rule, line_of(rule, row), NOTE(TEXT_check_oms_config_not, glob),
		       VERBATIM(value));
}

/* A value that stood before. */
static void judge_unique_of(const struct config_rule *rule, size_t row, const char *value)
{
	const struct rows *config = oms_seen(rule->in, FACT_host_config);

	for (size_t i = 0; i < row; i++) {
		const char *key = rows_get(config, i, "key"), *other = rows_get(config, i, "value");

		if (!key || !other || !str_equal(key, rule->key) || !str_equal(other, value))
			continue;
		refuse(rule, line_of(rule, row), NOTE(TEXT_check_oms_config_once),
		       NOTE(TEXT_check_oms_config_twice, value, line_of(rule, i)));
		return;
	}
}

/* "cm_url cm_server_port 8088": a URL whose port is that of the second key, else the third. */
static void judge_url_of(const struct config_rule *rule, size_t row, const char *value)
{
	const char *set = oms_config(rule->in, word(rule, 1)), *port = set ? set : word(rule, 2);
	const char *host = strstr(value, "://");
	size_t length = host ? strcspn(host + 3, ":/") : 0, digits = 0;

	host = host ? host + 3 + length : "";
	if (*host == ':')
		digits = strspn(++host, "0123456789");
	if (length && (str_starts(value, "http://") || str_starts(value, "https://")) &&
	    digits == strlen(port) && strncmp(host, port, digits) == 0 &&
	    (!host[digits] || str_equal(host + digits, "/")))
		return;
	refuse(rule, line_of(rule, row), NOTE(TEXT_check_oms_config_url, port), VERBATIM(value));
}

static const struct {
	const char *param;
	void (*whole)(const struct config_rule *rule);
	void (*each)(const struct config_rule *rule, size_t row, const char *value);
} kinds[] = {
	{ "required", judge_required, NULL },  { "implied", judge_implied, NULL },
	{ "ranges", NULL, judge_range_of },    { "words", NULL, judge_words_of },
	{ "refused", NULL, judge_refused_of }, { "unique", NULL, judge_unique_of },
	{ "urls", NULL, judge_url_of },
};

static void judge(const struct check_input *in, struct finding *finding)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		for (const char *const *text = param_texts(in, kinds[i].param); *text; text++) {
			const struct config_rule rule = { in, finding, *text,
				                          oms_word(in->arena, *text, 0) };

			if (kinds[i].whole)
				kinds[i].whole(&rule);
			else
				each_value(&rule, kinds[i].each);
		}
	}
}

const struct check check_oms_config_valid = {
	.id = "oms.config-valid",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_host_config),
	.params = PARAMS({ "required", PARAM_TEXTS, false }, { "implied", PARAM_TEXTS, false },
	                 { "ranges", PARAM_TEXTS, false }, { "words", PARAM_TEXTS, false },
	                 { "refused", PARAM_TEXTS, false }, { "unique", PARAM_TEXTS, false },
	                 { "urls", PARAM_TEXTS, false }),
	.judge = judge,
};
