#include "checks/core/wording.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

static const char *const products[] = {
	[FLAVOR_UNKNOWN] = "?",           [FLAVOR_MYSQL] = "MySQL", [FLAVOR_MARIADB] = "MariaDB",
	[FLAVOR_OCEANBASE] = "OceanBase", [FLAVOR_TIDB] = "TiDB",
};

/* The first two numbers: "5.7", "8.4", "10.11". */
static const char *series(struct arena *arena, struct version version)
{
	return arena_printf(arena, "%u.%u", version.major, version.minor);
}

static const char *product(struct arena *arena, struct version version)
{
	return arena_printf(arena, "%s %s", products[version.flavor], series(arena, version));
}

/* Paths name series of MySQL: "5.5->5.6". */
static bool has_path(const struct check_input *in, struct version source, struct version target)
{
	return source.flavor == FLAVOR_MYSQL && target.flavor == FLAVOR_MYSQL &&
	       words_have(param_texts(in, "paths"),
	                  arena_printf(in->arena, "%s->%s", series(in->arena, source),
	                               series(in->arena, target)));
}

/* The targets that this source may go to: its own series and those that a path leads to. */
static const char *const *allowed_targets(const struct check_input *in, struct version source)
{
	const char *const *paths = param_texts(in, "paths");
	const char *start = arena_printf(in->arena, "%s->", series(in->arena, source));
	size_t count = 1, room = 2;
	const char **targets;

	while (paths[room - 2])
		room++;
	targets = arena_array(in->arena, room, sizeof(*targets));
	targets[0] = product(in->arena, source);
	for (; source.flavor == FLAVOR_MYSQL && *paths; paths++)
		if (str_starts(*paths, start))
			targets[count++] =
				arena_printf(in->arena, "MySQL %s", *paths + strlen(start));
	return targets;
}

static bool can_be_upgraded(struct version source, struct version target)
{
	return source.flavor == target.flavor &&
	       version_at_least(target, source.major, source.minor, 0);
}

static bool is_readable(const struct endpoint_facts *endpoint, enum endpoint_id side,
                        struct finding *finding)
{
	if (endpoint_version(endpoint).flavor != FLAVOR_UNKNOWN)
		return true;
	finding_unknown(finding, NOTE(TEXT_check_version_unreadable, endpoint_name(side),
	                              endpoint->mysql.version.is.text));
	return false;
}

static void judge(const struct check_input *in, struct finding *finding)
{
	struct version source = endpoint_version(in->at), target = endpoint_version(in->other);
	const char *const *allowed = allowed_targets(in, source);
	struct note expected = note_one_of(in->arena, allowed);

	if (!is_readable(in->at, ENDPOINT_SOURCE, finding) ||
	    !is_readable(in->other, ENDPOINT_TARGET, finding))
		return;
	if (source.flavor == target.flavor && source.major == target.major &&
	    source.minor == target.minor)
		return;
	if (has_path(in, source, target))
		return;
	finding_fail(finding,
	             fact_side_evidence(in, ENDPOINT_TARGET, FACT_mysql_version, expected));
	finding_context(finding, fact_side_evidence(in, ENDPOINT_SOURCE, FACT_mysql_version,
	                                            (struct note){ 0 }));
	finding_value(finding, "source.value", product(in->arena, source));
	finding_value(finding, "target.value", product(in->arena, target));
	finding_sentence(in, finding, "next",
	                 NOTE(can_be_upgraded(source, target) ? TEXT_check_version_path_upgrade
	                                                      : TEXT_check_version_path_choose,
	                      expected.args[0], product(in->arena, target)));
}

const struct check check_pair_version_path = {
	.id = "pair.version-path",
	.on = CHECK_PAIR,
	.needs = FACTS(FACT_mysql_version),
	.uses = FACTS(FACT_mysql_version_comment),
	.params = PARAMS({ "paths", PARAM_TEXTS, false }),
	.judge = judge,
};
