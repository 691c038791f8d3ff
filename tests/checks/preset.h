#ifndef TESTS_CHECKS_PRESET_H
#define TESTS_CHECKS_PRESET_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/core/run.h"

/* Facts by hand, in the shape in which each version of a server gives them, and a rule to judge
 * them by. What a version does not have is NULL, which becomes FACT_ABSENT. */
struct preset {
	const char *version, *comment;
	const char *log_bin, *binlog_format, *server_id, *gtid_mode;
	const char *updates_name, *updates;
	const char *stats, *events, *charset, *lower_case;
};

static const struct preset presets[] = {
	/* As they start without an option file. */
	{ "5.1.73", "Source distribution", "OFF", "STATEMENT", "0", NULL, "log_slave_updates",
	  "OFF", NULL, "OFF", "latin1", "0" },
	{ "5.5.62", "MySQL Community Server (GPL)", "OFF", "STATEMENT", "0", NULL,
	  "log_slave_updates", "OFF", "ON", "OFF", "latin1", "0" },
	{ "5.6.24", "MySQL Community Server (GPL)", "OFF", "STATEMENT", "0", "OFF",
	  "log_slave_updates", "OFF", "OFF", "OFF", "latin1", "0" },
	{ "5.7.44", "MySQL Community Server (GPL)", "OFF", "ROW", "0", "OFF", "log_slave_updates",
	  "OFF", "OFF", "OFF", "latin1", "0" },
	{ "8.0.36", "MySQL Community Server - GPL", "ON", "ROW", "1", "OFF", "log_replica_updates",
	  "ON", "OFF", "ON", "utf8mb4", "0" },
	{ "8.4.3", "MySQL Community Server - GPL", "ON", "ROW", "1", "OFF", "log_replica_updates",
	  "ON", "OFF", "ON", "utf8mb4", "0" },
	{ "9.7.4-2", "(Debian)", "ON", "ROW", "1", "ON", "log_replica_updates", "ON", "OFF", "ON",
	  "utf8mb4", "0" },
	{ "10.5.23-MariaDB-0+deb11u1", "Debian 11", "OFF", "MIXED", "1", NULL, "log_slave_updates",
	  "OFF", "OFF", "OFF", "latin1", "0" },
	{ "10.11.19-MariaDB-0+deb12u1-log", "Debian 12", "ON", "ROW", "101", NULL,
	  "log_slave_updates", "ON", "OFF", "OFF", "latin1", "0" },
	{ "11.8.6-MariaDB-0+deb13u1 from Debian-log",
	  "-- Please help get to 10k stars at https://github.com/MariaDB/Server", "ON", "MIXED",
	  "1", NULL, "log_slave_updates", "OFF", "OFF", "OFF", "utf8mb4", "0" },
};

#define PRESET_COUNT (sizeof(presets) / sizeof(presets[0]))

struct bench {
	struct arena *arena;
	struct facts facts;
	struct intent intent;
};

static inline void preset_set(struct endpoint_facts *endpoint, enum fact_id id, const char *name,
                              const char *text)
{
	if (text)
		assert_true(fact_set(endpoint, id, name, text));
	else
		fact_set_absent(endpoint, id);
}

static inline void preset_channels(struct bench *bench, enum endpoint_id endpoint,
                                   const char *const *cells, size_t count)
{
	static const char *const names[] = { "channel", "host", "port", "io", "sql" };

	fact_set_rows(&bench->facts.at[endpoint], FACT_mysql_channels,
	              (struct rows){ .columns = 5,
	                             .count = count,
	                             .total = count,
	                             .names = names,
	                             .cells = cells });
}

static inline void preset_lay(struct bench *bench, enum endpoint_id id, const char *version)
{
	struct endpoint_facts *endpoint = &bench->facts.at[id];
	const struct preset *preset = presets;

	while (!str_starts(preset->version, version))
		assert_true(++preset < presets + PRESET_COUNT);
	*endpoint = (struct endpoint_facts){
		.configured = true,
		.kind = KIND_MYSQL,
		.address = id == ENDPOINT_SOURCE ? "10.0.0.1:3306" : "10.0.0.2:3306",
	};
	for (int i = 0; i < GROUP_COUNT; i++)
		endpoint->groups[i].state = GROUP_GATHERED;
	preset_set(endpoint, FACT_mysql_version, "version", preset->version);
	preset_set(endpoint, FACT_mysql_version_comment, "version_comment", preset->comment);
	preset_set(endpoint, FACT_mysql_log_bin, "log_bin", preset->log_bin);
	preset_set(endpoint, FACT_mysql_binlog_format, "binlog_format", preset->binlog_format);
	preset_set(endpoint, FACT_mysql_server_id, "server_id", preset->server_id);
	preset_set(endpoint, FACT_mysql_gtid_mode, "gtid_mode", preset->gtid_mode);
	preset_set(endpoint, FACT_mysql_log_replica_updates, preset->updates_name, preset->updates);
	preset_set(endpoint, FACT_mysql_innodb_stats_on_metadata, "innodb_stats_on_metadata",
	           preset->stats);
	preset_set(endpoint, FACT_mysql_event_scheduler, "event_scheduler", preset->events);
	preset_set(endpoint, FACT_mysql_character_set_server, "character_set_server",
	           preset->charset);
	preset_set(endpoint, FACT_mysql_lower_case_table_names, "lower_case_table_names",
	           preset->lower_case);
	preset_channels(bench, id, NULL, 0);
}

static inline struct bench bench_new(const char *source, const char *target)
{
	struct bench bench = { .arena = arena_new() };

	preset_lay(&bench, ENDPOINT_SOURCE, source);
	preset_lay(&bench, ENDPOINT_TARGET, target);
	return bench;
}

static inline void bench_set(struct bench *bench, enum endpoint_id endpoint, enum fact_id id,
                             const char *text)
{
	const struct fact *fact = fact_of(&bench->facts.at[endpoint], id);

	preset_set(&bench->facts.at[endpoint], id, fact->name ? fact->name : fact_infos[id].name,
	           text);
}

static inline void bench_set_absent(struct bench *bench, enum endpoint_id endpoint, enum fact_id id)
{
	fact_set_absent(&bench->facts.at[endpoint], id);
}

/* As if the group had not been answered: its facts are gone, its status says why. */
static inline void bench_fail_group(struct bench *bench, enum endpoint_id endpoint,
                                    enum group_id group, struct group_status status)
{
	struct endpoint_facts *facts = &bench->facts.at[endpoint];

	status.state = GROUP_FAILED;
	facts->groups[group] = status;
	for (int i = 0; i < FACT_COUNT; i++)
		if (fact_infos[i].group == group)
			*(enum fact_state *)((char *)facts + fact_infos[i].offset +
			                     offsetof(struct fact, state)) = FACT_MISSING;
}

#define TEXTS_PARAM(word, ...)                                 \
	{                                                      \
		.name = (word), .texts = (const char *const[]) \
		{                                              \
			__VA_ARGS__, NULL                      \
		}                                              \
	}
#define FACT_PARAM(word, id)                 \
	{                                    \
		.name = (word), .fact = (id) \
	}
#define WITH(...) ((const struct param[]){ __VA_ARGS__, { 0 } })

static inline struct result bench_judge_query(struct bench *bench, const struct check *check,
                                              enum endpoint_id endpoint, const struct param *params,
                                              const char *query)
{
	struct rule *rule = arena_new_of(bench->arena, struct rule);
	const struct rule *rules[] = { rule };

	*rule = (struct rule){ .profile = "test",
		               .id = "rule",
		               .check = check,
		               .endpoint = endpoint,
		               .params = params,
		               .code = "dts:-1",
		               .severity = LEVEL_ERROR,
		               .query = query };
	return *run_judge(bench->arena, rules, 1, &bench->facts, &bench->intent, NULL, 0, 0);
}

static inline struct result bench_judge(struct bench *bench, const struct check *check,
                                        enum endpoint_id endpoint, const struct param *params)
{
	return bench_judge_query(bench, check, endpoint, params, NULL);
}

static inline const char *value_of(const struct result *result, const char *name)
{
	for (const char *const *value = result->values; value && *value; value += 2)
		if (str_equal(*value, name))
			return value[1];
	return NULL;
}

static inline const char *note_en(struct bench *bench, const struct note *note)
{
	return note_text(bench->arena, note, LANG_EN);
}

#define assert_status(result, is) assert_string_equal(status_name((result).status), status_name(is))
#define assert_note(bench, note, text) assert_string_equal(note_en((bench), &(note)), (text))
#define assert_value(result, name, text)                               \
	do {                                                           \
		const char *found_value = value_of(&(result), (name)); \
		assert_non_null(found_value);                          \
		assert_string_equal(found_value, (text));              \
	} while (0)
#define assert_has(text, part) assert_non_null(strstr((text), (part)))

#endif
