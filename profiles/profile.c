#include "profiles/profile.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "catalog/tables.h"
#include "checks/core/sql.h"

#include <string.h>

/* The check behind a rule that brings its own statement instead of a check. */
#define QUERY_CHECK "query.expect"

struct reading {
	struct arena *arena;
	const struct registry *registry;
	struct profile *profile;
	struct error *error;
};

/* --- names of profiles ------------------------------------------------------------------- */

const char *profile_builtin(size_t index)
{
	const char *name, *text;
	size_t length;

	return builtin_profile(index, &name, &text, &length) ? name : NULL;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length > end_length && str_equal(text + length - end_length, end);
}

bool profile_is_path(const char *name)
{
	return strchr(name, '/') || ends_in(name, ".yaml") || ends_in(name, ".yml");
}

static bool find_builtin(const char *name, const char **ret_text, size_t *ret_length)
{
	const char *builtin;

	for (size_t i = 0; builtin_profile(i, &builtin, ret_text, ret_length); i++)
		if (str_equal(builtin, name))
			return true;
	return false;
}

const char *profile_name_refusal(struct arena *arena, const char *name)
{
	struct str known = str_new(arena);
	const char *text, *nearest;
	const char **names;
	size_t length, count = 0;

	if (profile_is_path(name) || find_builtin(name, &text, &length))
		return NULL;
	while (profile_builtin(count))
		count++;
	names = arena_array(arena, count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		names[i] = profile_builtin(i);
		str_addf(&known, "%s%s", i ? ", " : "", names[i]);
	}
	nearest = str_nearest(name, names);
	return arena_printf(arena,
	                    "unknown profile \"%.80s\"%s%s%s; built in: %s; a file of your own is "
	                    "named by a path ending in .yaml",
	                    name, nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	                    nearest ? "\"?" : "", known.text);
}

/* --- what may stand in a profile --------------------------------------------------------- */

static const char *const severity_words[] = { "fatal", "error", "warning", NULL };
static const char *const mode_words[] = { "online", "offline", "backup", NULL };
static const char *const scope_words[] = { "instance", "database", "table", NULL };
static const char *const flavor_words[] = { "mysql", "mariadb", "oceanbase", "tidb", NULL };
static const char *const endpoint_words[] = {
	"source", "target", "metadb", "cm", "console", "supervisor", "supervisord", "host", NULL,
};
static const char *const basis_words[] = { "documented", "observed", "inferred", NULL };

static const struct yaml_key profile_keys[] = {
	{ .name = "name", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "title", .want = YAML_WANT_BOTH, .required = true },
	{ .name = "rules", .want = YAML_WANT_LIST, .required = true },
	{ 0 },
};

static const struct yaml_key rule_keys[] = {
	{ .name = "id", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "check", .want = YAML_WANT_TEXT },
	{ .name = "query", .want = YAML_WANT_TEXT },
	{ .name = "expect", .want = YAML_WANT_TEXTS },
	{ .name = "with", .want = YAML_WANT_MAP },
	{ .name = "when", .want = YAML_WANT_MAP },
	{ .name = "code", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "also", .want = YAML_WANT_ANY },
	{ .name = "follows", .want = YAML_WANT_TEXTS },
	{ .name = "basis", .want = YAML_WANT_TEXT, .one_of = basis_words },
	{ .name = "severity", .want = YAML_WANT_TEXT, .one_of = severity_words },
	{ .name = "title", .want = YAML_WANT_BOTH },
	{ .name = "cause", .want = YAML_WANT_BOTH },
	{ .name = "fix", .want = YAML_WANT_BOTH },
	{ 0 },
};

static const struct yaml_key when_keys[] = {
	{ .name = "mode", .want = YAML_WANT_TEXTS, .one_of = mode_words },
	{ .name = "scope", .want = YAML_WANT_TEXTS, .one_of = scope_words },
	{ .name = "flavor", .want = YAML_WANT_TEXTS, .one_of = flavor_words },
	{ .name = "version", .want = YAML_WANT_TEXTS },
	{ 0 },
};

#define LOWER_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789"

/* Ids stand in globs, in file names of reports and before a '/', so they hold nothing special. */
static bool is_id(const char *text, const char *marks)
{
	size_t length = 0;

	if (!strchr(LOWER_DIGITS, *text))
		return false;
	while (text[length] && (strchr(LOWER_DIGITS, text[length]) || strchr(marks, text[length])))
		length++;
	return length > 0 && !text[length] && strchr(LOWER_DIGITS, text[length - 1]);
}

/* ", did you mean X?" or nothing. */
static const char *hint(struct arena *arena, const char *word, const char *const *candidates)
{
	const char *nearest = str_nearest(word, candidates);

	return nearest ? arena_printf(arena, "; did you mean \"%s\"?", nearest) : "";
}

/* --- codes ------------------------------------------------------------------------------- */

static const char *code_hint(struct arena *arena, const char *code)
{
	size_t count = catalog_count();
	const char **ids = arena_array(arena, count + 1, sizeof(*ids));

	for (size_t i = 0; i < count; i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		ids[i] = entry.id;
	}
	return hint(arena, code, ids);
}

static int find_code(struct reading *reading, const struct yaml *node, struct catalog_entry *ret)
{
	if (catalog_find(node->text, ret))
		return 0;
	return yaml_refuse(node, reading->error, "the catalog has no code \"%.80s\"%s", node->text,
	                   code_hint(reading->arena, node->text));
}

/* "oms:CONNECTOR-*": a family of codes that others report. */
static int some_code_fits(struct reading *reading, const struct yaml *node)
{
	struct catalog_entry entry;

	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		if (str_matches_glob(entry.id, node->text))
			return 0;
	}
	return yaml_refuse(node, reading->error, "the catalog has no code like \"%.80s\"",
	                   node->text);
}

static int judge_also(struct reading *reading, const struct yaml *node)
{
	struct catalog_entry entry;

	if (node->type != YAML_SCALAR)
		return yaml_refuse(
			node, reading->error,
			"\"also\" is a list of codes and of alerts (alert:oms_host_down)");
	if (!str_starts(node->text, "alert:") && strchr(node->text, '*'))
		return some_code_fits(reading, node);
	if (!str_starts(node->text, "alert:"))
		return find_code(reading, node, &entry);
	if (is_id(node->text + strlen("alert:"), "_"))
		return 0;
	return yaml_refuse(node, reading->error,
	                   "an alert is written in lower case, digits and _, like "
	                   "alert:oms_host_down");
}

/* An empty list is allowed: it says that there is nothing further. */
static int read_codes(struct reading *reading, const struct yaml *map, struct rule *rule)
{
	const struct yaml *also = yaml_get(map, "also"), *code = yaml_get(map, "code");
	const char *severity = yaml_text(map, "severity");
	struct catalog_entry entry;

	if (find_code(reading, code, &entry))
		return -1;
	rule->code = entry.id;
	rule->severity = entry.level != LEVEL_NONE ? entry.level : LEVEL_ERROR;
	for (int level = LEVEL_WARNING; severity && level <= LEVEL_FATAL; level++)
		if (str_equal(severity, level_name((enum level)level)))
			rule->severity = (enum level)level;
	if (also && also->type != YAML_LIST && judge_also(reading, also))
		return -1;
	for (size_t i = 0; also && also->type == YAML_LIST && i < also->count; i++)
		if (judge_also(reading, also->items[i]))
			return -1;
	rule->also = yaml_texts(reading->arena, map, "also");
	return 0;
}

/* --- when -------------------------------------------------------------------------------- */

static int read_versions(struct reading *reading, const struct yaml *when, struct when *ret)
{
	const struct yaml *node = yaml_get(when, "version");

	ret->versions = yaml_texts(reading->arena, when, "version");
	for (size_t i = 0; ret->versions[i]; i++)
		if (!version_range_is_valid(ret->versions[i]))
			return yaml_refuse(node->type == YAML_LIST ? node->items[i] : node,
			                   reading->error,
			                   "\"%.40s\" is no version; write a series (5.7), or a "
			                   "limit (>=8.0.22, >8.0, <=5.6, <5.6.2)",
			                   ret->versions[i]);
	return 0;
}

static int read_when(struct reading *reading, const struct yaml *when, struct when *ret)
{
	const char *const *modes = yaml_texts(reading->arena, when, "mode");
	const char *const *scopes = yaml_texts(reading->arena, when, "scope");
	enum mode mode;
	enum scope scope;

	if (when && yaml_expect(when, "\"when\"", when_keys, reading->error))
		return -1;
	ret->any_mode = *modes != NULL;
	for (; *modes; modes++)
		if (mode_find(*modes, &mode))
			ret->modes[mode] = true;
	ret->any_scope = *scopes != NULL;
	for (; *scopes; scopes++)
		if (scope_find(*scopes, &scope))
			ret->scopes[scope] = true;
	ret->flavors = yaml_texts(reading->arena, when, "flavor");
	return read_versions(reading, when, ret);
}

/* --- parameters -------------------------------------------------------------------------- */

static const struct param_info no_params[] = { { 0 } };

static const struct param_info *params_of(const struct check *check)
{
	return check->params ? check->params : no_params;
}

static bool has_default_endpoint(const struct rule *rule)
{
	return str_starts(rule->id, "source.") || str_starts(rule->id, "target.");
}

static struct yaml_key with_key(const struct param_info *info)
{
	static const enum yaml_want wants[] = {
		[PARAM_TEXT] = YAML_WANT_TEXT,  [PARAM_TEXTS] = YAML_WANT_TEXTS,
		[PARAM_NUMBER] = YAML_WANT_INT, [PARAM_FACT] = YAML_WANT_TEXT,
		[PARAM_QUERY] = YAML_WANT_TEXT,
	};

	return (struct yaml_key){
		.name = info->name,
		.want = wants[info->type],
		.required = info->required,
	};
}

/* What `with` may hold: the check's parameters (given), and the endpoint that it is about. */
static const struct yaml_key *with_keys(struct reading *reading, const struct rule *rule,
                                        const struct param_info *infos)
{
	struct yaml_key *keys;
	size_t count = 0, used = 0;

	while (infos[count].name)
		count++;
	keys = arena_array(reading->arena, count + 2, sizeof(*keys));
	if (rule->check->on == CHECK_ONE)
		keys[used++] = (struct yaml_key){
			.name = "endpoint",
			.want = YAML_WANT_TEXT,
			.required = !has_default_endpoint(rule),
			.one_of = endpoint_words,
		};
	for (size_t i = 0; i < count; i++)
		keys[used++] = with_key(&infos[i]);
	return keys;
}

static int judge_with(struct reading *reading, const struct yaml *map, const struct rule *rule,
                      const struct param_info *infos)
{
	const struct yaml_key *key = with_keys(reading, rule, infos);
	const struct yaml *with = yaml_get(map, "with");
	const struct yaml *endpoint = yaml_get(with, "endpoint");

	if (endpoint && rule->check->on != CHECK_ONE)
		return yaml_refuse(endpoint, reading->error,
		                   "the check %s looks at %s; leave \"endpoint\" out",
		                   rule->check->id,
		                   rule->check->on == CHECK_PAIR ? "source and target together"
		                                                 : "the endpoints of an OMS");
	if (with)
		return yaml_expect(
			with,
			arena_printf(reading->arena, "\"with\" of the check %s", rule->check->id),
			key, reading->error);
	for (; key->name; key++)
		if (key->required)
			return yaml_refuse(map, reading->error,
			                   "the check %s needs \"%s\"; add with: {%s: ...} to the "
			                   "rule",
			                   rule->check->id, key->name, key->name);
	return 0;
}

static int find_fact(struct reading *reading, const struct yaml *node, enum fact_id *ret)
{
	const char *names[FACT_COUNT + 1];

	if (fact_find(node->text, ret))
		return 0;
	for (int i = 0; i < FACT_COUNT; i++)
		names[i] = fact_infos[i].name;
	names[FACT_COUNT] = NULL;
	return yaml_refuse(node, reading->error,
	                   "there is no fact \"%.80s\"; `migdoctor list facts` names them%s",
	                   node->text, hint(reading->arena, node->text, names));
}

/* Takes the rule's own statement, once it has passed the gate. */
static int take_query(struct reading *reading, const struct yaml *node, struct rule *rule)
{
	const char *why = sql_refusal(reading->arena, node->text);

	if (why)
		return yaml_refuse(node, reading->error, "the SQL of rule %s is refused: %s",
		                   rule->id, why);
	rule->sql = node->text;
	rule->query = arena_printf(reading->arena, "%s/%s", rule->profile, rule->id);
	return 0;
}

/* `values` is the map that holds the parameters: `with`, or the rule itself for its own query. */
static int read_params(struct reading *reading, const struct yaml *values,
                       const struct param_info *infos, struct rule *rule)
{
	struct param *params;
	size_t count = 0, used = 0;

	while (infos[count].name)
		count++;
	params = arena_array(reading->arena, count + 1, sizeof(*params));
	for (const struct param_info *info = infos; info->name; info++) {
		const struct yaml *node = yaml_get(values, info->name);
		struct param *param = &params[used];

		if (!node)
			continue;
		param->name = info->name;
		param->texts = yaml_texts(reading->arena, values, info->name);
		param->number = info->type == PARAM_NUMBER ? yaml_int(values, info->name, 0) : 0;
		if (info->type == PARAM_FACT && find_fact(reading, node, &param->fact))
			return -1;
		if (info->type == PARAM_QUERY && take_query(reading, node, rule))
			return -1;
		used++;
	}
	rule->params = params;
	return 0;
}

static void read_endpoint(const struct yaml *with, struct rule *rule)
{
	const char *name = yaml_text(with, "endpoint");
	const enum fact_id *first = rule->check->needs ? rule->check->needs : rule->check->uses;

	rule->endpoint = ENDPOINT_SOURCE;
	if (rule->check->on == CHECK_OMS && first)
		rule->endpoint = owner_endpoint(fact_infos[*first].owner);
	if (rule->check->on != CHECK_ONE)
		return;
	if (name)
		endpoint_find(name, &rule->endpoint);
	else if (str_starts(rule->id, "target."))
		rule->endpoint = ENDPOINT_TARGET;
}

/* --- rules ------------------------------------------------------------------------------- */

static int refuse_check(struct reading *reading, const struct yaml *map, const char *id)
{
	const struct yaml *node =
		yaml_get(map, "check") ? yaml_get(map, "check") : yaml_get(map, "id");
	size_t count = registry_count(reading->registry);
	const char **ids = arena_array(reading->arena, count + 1, sizeof(*ids));

	for (size_t i = 0; i < count; i++)
		ids[i] = registry_at(reading->registry, i)->id;
	return yaml_refuse(node, reading->error, "there is no check \"%.80s\"; %s%s", id,
	                   yaml_get(map, "check")
	                           ? "`migdoctor list checks` names them, and --plugin adds more"
	                           : "name one with check:, or bring a statement with query: and "
	                             "expect:",
	                   hint(reading->arena, id, ids));
}

/* A rule names a check, or brings a statement and what its answer should be. */
static int judge_query(const struct yaml *map, struct error *error)
{
	const struct yaml *query = yaml_get(map, "query"), *expect = yaml_get(map, "expect");

	if (query && yaml_get(map, "check"))
		return yaml_refuse(
			query, error,
			"a rule has a \"check\" or a \"query\" of its own; leave one out");
	if (query && !expect)
		return yaml_refuse(
			query, error,
			"the query lacks \"expect\"; write expect: empty where no row may "
			"come, or the values that its one cell may have");
	if (expect && !query)
		return yaml_refuse(expect, error,
		                   "\"expect\" belongs to a \"query\" of the rule; add it");
	return 0;
}

static int find_check(struct reading *reading, const struct yaml *map, struct rule *rule)
{
	const char *id = yaml_get(map, "check") ? yaml_text(map, "check") : rule->id;

	if (judge_query(map, reading->error))
		return -1;
	if (yaml_get(map, "query"))
		id = QUERY_CHECK;
	rule->check = registry_find(reading->registry, id);
	return rule->check ? 0 : refuse_check(reading, map, id);
}

static int bind_check(struct reading *reading, const struct yaml *map, struct rule *rule)
{
	const struct yaml *with = yaml_get(map, "with");
	bool own_query = yaml_get(map, "query") != NULL;
	const struct param_info *infos;

	if (find_check(reading, map, rule))
		return -1;
	infos = params_of(rule->check);
	if (judge_with(reading, map, rule, own_query ? no_params : infos))
		return -1;
	read_endpoint(with, rule);
	if (rule->check->plugin) {
		rule->sql = check_sql(rule->check);
		rule->query = check_query_name(rule->check);
	}
	return read_params(reading, own_query ? map : with, infos, rule);
}

static int read_id(struct reading *reading, const struct yaml *map, const struct rule *rules,
                   size_t count, struct rule *rule)
{
	const struct yaml *node = yaml_get(map, "id");

	if (!is_id(node->text, "-."))
		return yaml_refuse(node, reading->error,
		                   "the rule id \"%.80s\" should be lower case, digits, '-' and "
		                   "'.', like source.binlog-format",
		                   node->text);
	for (size_t i = 0; i < count; i++)
		if (str_equal(rules[i].id, node->text))
			return yaml_refuse(node, reading->error,
			                   "the rule id %s stands twice; give each rule its own",
			                   node->text);
	rule->id = node->text;
	return 0;
}

static struct both read_both(const struct yaml *map, const char *key)
{
	const struct yaml *both = yaml_get(map, key);

	return (struct both){ .in = {
				      [LANG_EN] = yaml_text(both, "en"),
				      [LANG_ZH] = yaml_text(both, "zh"),
			      } };
}

/* Reads the rule after the `count` rules before it. */
static int read_rule(struct reading *reading, const struct yaml *map, struct rule *rules,
                     size_t count)
{
	struct rule *rule = &rules[count];

	rule->profile = reading->profile->name;
	if (yaml_expect(map, "a rule", rule_keys, reading->error) ||
	    read_id(reading, map, rules, count, rule) || read_codes(reading, map, rule) ||
	    bind_check(reading, map, rule) ||
	    read_when(reading, yaml_get(map, "when"), &rule->when))
		return -1;
	rule->follows = yaml_texts(reading->arena, map, "follows");
	rule->basis = yaml_text(map, "basis");
	rule->title = read_both(map, "title");
	rule->cause = read_both(map, "cause");
	rule->fix = read_both(map, "fix");
	return 0;
}

/* What a rule follows stands in the same profile, before or after it. */
static int judge_follows(struct reading *reading, const struct yaml *node, const struct rule *rule)
{
	const struct profile *profile = reading->profile;

	for (size_t i = 0; rule->follows[i]; i++) {
		const char *colon = strchr(rule->follows[i], ':');
		const char *id = colon ? arena_strndup(reading->arena, rule->follows[i],
		                                       (size_t)(colon - rule->follows[i]))
		                       : rule->follows[i];
		bool found = false;

		for (size_t j = 0; j < profile->rule_count && !found; j++)
			found = str_equal(profile->rules[j].id, id);
		if (!found || str_equal(id, rule->id))
			return yaml_refuse(node->type == YAML_LIST ? node->items[i] : node,
			                   reading->error,
			                   "the rule %s follows \"%.80s\", which is no other rule "
			                   "of this profile",
			                   rule->id, id);
	}
	return 0;
}

/* --- the whole --------------------------------------------------------------------------- */

static int read_profile(struct reading *reading, const struct yaml *map)
{
	struct profile *profile = reading->profile;
	const struct yaml *list;
	struct rule *rules;

	if (yaml_expect(map, "a profile", profile_keys, reading->error))
		return -1;
	profile->name = yaml_text(map, "name");
	if (!is_id(profile->name, "-"))
		return yaml_refuse(yaml_get(map, "name"), reading->error,
		                   "the name \"%.80s\" should be lower case, digits and '-'",
		                   profile->name);
	profile->title = read_both(map, "title");
	list = yaml_get(map, "rules");
	if (!list->count)
		return yaml_refuse(list, reading->error, "\"rules\" is empty; add a rule");
	rules = arena_array(reading->arena, list->count, sizeof(*rules));
	for (size_t i = 0; i < list->count; i++)
		if (read_rule(reading, list->items[i], rules, i))
			return -1;
	profile->rules = rules;
	profile->rule_count = list->count;
	for (size_t i = 0; i < list->count; i++)
		if (judge_follows(reading, yaml_get(list->items[i], "follows"), &rules[i]))
			return -1;
	return 0;
}

static const struct yaml *read_tree(struct arena *arena, const char *name, struct error *error)
{
	const char *why = profile_name_refusal(arena, name), *text;
	size_t length;

	if (why) {
		error_usage(error, "%s", why);
		return NULL;
	}
	if (profile_is_path(name))
		return yaml_read_file(arena, name, error);
	find_builtin(name, &text, &length);
	return yaml_read_text(arena, arena_printf(arena, "built-in profile %s", name), text, length,
	                      error);
}

struct profile *profile_read(struct arena *arena, const char *name, const struct registry *registry,
                             struct error *error)
{
	struct reading reading = {
		.arena = arena,
		.registry = registry,
		.profile = arena_new_of(arena, struct profile),
		.error = error,
	};
	const struct yaml *map = read_tree(arena, name, error);

	return map && read_profile(&reading, map) == 0 ? reading.profile : NULL;
}
