#include "checks/oms/census.h"
#include "checks/oms/lag.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <inttypes.h>
#include <string.h>

/* Whether a setting of the JSON object is true. A look at its text will do: its keys are plain
 * words, and no other value can hold one in quotes before a colon. */
static bool is_on(const struct check_input *in, const char *json, const char *key)
{
	const char *at = strstr(json, arena_printf(in->arena, "\"%s\"", key));

	if (!at)
		return false;
	at += strlen(key) + 2;
	at += strspn(at, " \t\r\n");
	if (*at++ != ':')
		return false;
	return str_starts(at + strspn(at, " \t\r\n"), "true");
}

static int64_t limit_of(const struct check_input *in)
{
	const struct fact_number *limit = &in->facts->at[ENDPOINT_METADB].metadb.ha_down_seconds;

	return limit->is.state == FACT_KNOWN ? limit->value : param_find(in, "seconds")->number;
}

/* Components that the console still places on the host. */
static const char *components_on(const struct check_input *in, const char *ip)
{
	const struct rows *rows = rows_known(&in->facts->at[ENDPOINT_CONSOLE].console.components);
	size_t count = 0;

	for (size_t row = 0; row < rows->count; row++) {
		const char *at = rows_get(rows, row, "ip");

		count += at && str_equal(at, ip);
	}
	return arena_printf(in->arena, "%zu", count);
}

static void judge_host(const struct check_input *in, const struct rows *rows, size_t row,
                       struct tally *tally)
{
	const char *ip = cell_text(rows, row, "host_ip"), *age = cell_text(rows, row, "age");
	const char *limit = arena_printf(in->arena, "%" PRId64, limit_of(in)), *left;
	int64_t seconds;

	if (!ip || (in->node && !str_equal(in->node, ip)) || !lag_read(age, &seconds) ||
	    seconds <= limit_of(in))
		return;
	left = components_on(in, ip);
	if (!tally->shown) {
		finding_value(tally->finding, "host", ip);
		finding_value(tally->finding, "age", age);
		finding_value(tally->finding, "limit", limit);
		finding_value(tally->finding, "left", left);
	}
	tally_fail(tally, ip,
	           (struct evidence){ .what = ip,
	                              .expected = NOTE(TEXT_oms_ha_fresh, limit),
	                              .actual = NOTE(TEXT_oms_ha_old, age, left),
	                              .from = "heart_beat" });
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct metadb_facts *metadb = &in->facts->at[ENDPOINT_METADB].metadb;
	const struct rows *rows = &metadb->heartbeats.rows;
	struct tally tally = { .finding = finding };
	const char *key = param_texts(in, "switch")[0];

	if (metadb->ha_config.is.state == FACT_ABSENT || !metadb->ha_config.is.text ||
	    !is_on(in, metadb->ha_config.is.text, key)) {
		finding_skip(finding, NOTE(TEXT_oms_ha_off, key));
		return;
	}
	for (size_t row = 0; row < rows->count; row++)
		judge_host(in, rows, row, &tally);
	tally_end(&tally, in->arena);
}

const struct check check_ha_moves = {
	.id = "ha.moves",
	.on = CHECK_OMS,
	.each_node = true,
	.needs = FACTS(FACT_metadb_ha_config, FACT_metadb_heartbeats),
	.uses = FACTS(FACT_metadb_ha_down_seconds, FACT_console_components),
	.params = PARAMS({ "switch", PARAM_TEXTS, true }, { "seconds", PARAM_NUMBER, true }),
	.judge = judge,
};
