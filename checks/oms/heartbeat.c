#include "checks/oms/heartbeat.h"

#include "checks/oms/oms.h"

long long heartbeat_limit(const struct check_input *in)
{
	const struct fact_number *limit = &in->facts->at[ENDPOINT_METADB].metadb.ha_down_seconds;

	return limit->is.state == FACT_KNOWN && limit->value > 0 ? limit->value
	                                                         : oms_number(in, "limit", 0);
}

/* Time zones stand whole half hours apart, nearly all of them; 30 minutes are the least. */
static enum beat beat_of(const struct check_input *in, long long age)
{
	long long step = oms_number(in, "step", 0);
	long long tolerance = oms_number(in, "shift_tolerance", 0);
	long long off = step > 0 && age > 0 ? age % step : 0;

	if (age < -tolerance)
		return BEAT_FUTURE;
	if (age <= heartbeat_limit(in))
		return BEAT_FRESH;
	if (step > 0 && age >= step - tolerance && (off <= tolerance || step - off <= tolerance))
		return BEAT_SHIFTED;
	return BEAT_OLD;
}

struct heartbeat heartbeat_at(const struct check_input *in, size_t row)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_heartbeats);
	const char *type = rows_get(rows, row, "task_type"), *age = rows_get(rows, row, "age");
	struct heartbeat heartbeat = { .host = rows_get(rows, row, "host_ip"),
		                       .modified = rows_get(rows, row, "gmt_modified") };

	if (type && words_have(param_texts(in, "task_type"), type) && age &&
	    str_to_int(age, &heartbeat.age))
		heartbeat.beat = beat_of(in, heartbeat.age);
	return heartbeat;
}

struct heartbeat heartbeat_of(const struct check_input *in, const char *host)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_heartbeats);
	struct heartbeat youngest = { .host = host };

	for (size_t i = 0; i < rows->count; i++) {
		struct heartbeat heartbeat = heartbeat_at(in, i);

		if (heartbeat.beat != BEAT_NONE && heartbeat.host &&
		    str_equal(heartbeat.host, host) &&
		    (youngest.beat == BEAT_NONE || heartbeat.age < youngest.age))
			youngest = heartbeat;
	}
	return youngest;
}

const char *heartbeat_text(const struct check_input *in, const struct heartbeat *heartbeat)
{
	const char *age = oms_seconds(in->arena, heartbeat->age);

	return heartbeat->modified
	               ? arena_printf(in->arena, "%s (gmt_modified %s)", age, heartbeat->modified)
	               : age;
}
