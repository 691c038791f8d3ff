#include "profiles/plan_reading.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "profiles/profile.h"
#include "profiles/secret.h"
#include "profiles/uri.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_STATEMENT_SECONDS 30
#define DAY_MS 86400000LL

/* --- what may stand in a plan ------------------------------------------------------------ */

static const char *const mode_words[] = { "online", "offline", "backup", NULL };
static const char *const provider_words[] = { "self", "alibaba", "tencent", "aws", NULL };

static const struct yaml_key plan_keys[] = {
	{ .name = "profile", .want = YAML_WANT_TEXTS },
	{ .name = "mode", .want = YAML_WANT_TEXT, .one_of = mode_words },
	{ .name = "source", .want = YAML_WANT_MAP },
	{ .name = "target", .want = YAML_WANT_MAP },
	{ .name = "migration", .want = YAML_WANT_MAP },
	{ .name = "oms", .want = YAML_WANT_MAP },
	{ .name = "objects", .want = YAML_WANT_MAP },
	{ .name = "limits", .want = YAML_WANT_MAP },
	{ .name = "plugins", .want = YAML_WANT_TEXTS },
	{ .name = "waivers", .want = YAML_WANT_LIST },
	{ 0 },
};

static const struct yaml_key endpoint_keys[] = {
	LOGIN_KEYS,
	{ .name = "provider", .want = YAML_WANT_TEXT, .one_of = provider_words },
	{ .name = "capacity", .want = YAML_WANT_SIZE },
	{ .name = "replicas", .want = YAML_WANT_TEXTS },
	{ 0 },
};

static const struct yaml_key tls_keys[] = {
	{ .name = "mode", .want = YAML_WANT_TEXT, .required = true, .one_of = tls_modes },
	{ .name = "ca", .want = YAML_WANT_TEXT },
	{ .name = "cert", .want = YAML_WANT_TEXT },
	{ .name = "key", .want = YAML_WANT_TEXT },
	{ 0 },
};

static const char *const step_words[] = {
	"schema", "full", "incremental", "verify", "reverse", NULL,
};
static const char *const comparison_words[] = { "full", "spot", "none", NULL };

static const struct yaml_key migration_keys[] = {
	{ .name = "steps", .want = YAML_WANT_TEXTS, .one_of = step_words },
	{ .name = "comparison", .want = YAML_WANT_TEXT, .one_of = comparison_words },
	{ .name = "duration", .want = YAML_WANT_DURATION },
	{ .name = "rate", .want = YAML_WANT_SIZE },
	{ .name = "start", .want = YAML_WANT_TEXT },
	{ 0 },
};

static const struct yaml_key objects_keys[] = {
	{ .name = "include", .want = YAML_WANT_TEXTS },
	{ .name = "exclude", .want = YAML_WANT_TEXTS },
	{ 0 },
};

static const struct yaml_key limits_keys[] = {
	{ .name = "connections", .want = YAML_WANT_INT, .min = 1, .max = 64 },
	{ .name = "objects", .want = YAML_WANT_INT, .min = 1, .max = 1000000 },
	{ .name = "statement_seconds", .want = YAML_WANT_INT, .min = 1, .max = 86400 },
	{ 0 },
};

static const char *const waiver_status_words[] = { "unknown", NULL };

static const struct yaml_key waiver_keys[] = {
	{ .name = "rule", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "object", .want = YAML_WANT_TEXT },
	{ .name = "status", .want = YAML_WANT_TEXT, .one_of = waiver_status_words },
	{ .name = "reason", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "owner", .want = YAML_WANT_TEXT, .required = true },
	{ .name = "expires", .want = YAML_WANT_TEXT },
	{ 0 },
};

/* --- helpers ----------------------------------------------------------------------------- */

int plan_expect(const struct yaml *map, const char *what, const struct yaml_key *keys,
                struct error *error)
{
	if (yaml_expect(map, what, keys, error))
		return -1;
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml *value = map->items[i];

		if (value->type == YAML_SCALAR && !*value->text)
			return yaml_refuse(value, error,
			                   "\"%s\" is empty; write it or leave it out",
			                   map->keys[i]->text);
		for (size_t j = 0; value->type == YAML_LIST && j < value->count; j++)
			if (value->items[j]->type == YAML_SCALAR && !*value->items[j]->text)
				return yaml_refuse(value->items[j], error,
				                   "item %zu of \"%s\" is empty; write it or leave "
				                   "it out",
				                   j + 1, map->keys[i]->text);
	}
	return 0;
}

/* The texts of a key that may be a scalar or a list, as nodes with places. */
static size_t scalar_count(const struct yaml *value)
{
	if (!value)
		return 0;
	return value->type == YAML_LIST ? value->count : 1;
}

static const struct yaml *scalar_at(const struct yaml *value, size_t index)
{
	return value->type == YAML_LIST ? value->items[index] : value;
}

const char *plan_path(struct reading *reading, const char *text)
{
	const char *file = reading->plan->file;
	const char *slash = strrchr(file, '/');

	if (*text == '/' || !slash)
		return arena_strdup(reading->arena, text);
	return arena_printf(reading->arena, "%.*s%s", (int)(slash - file + 1), file, text);
}

static bool parses_as(const char *text, const char *format)
{
	struct tm written = { 0 }, same;
	const char *end = strptime(text, format, &written);
	time_t seconds;

	if (!end || *end)
		return false;
	/* strptime takes 30 February; the calendar moves it on. */
	same = written;
	seconds = timegm(&same);
	return seconds >= 0 && same.tm_mday == written.tm_mday && same.tm_mon == written.tm_mon;
}

/* --- passwords --------------------------------------------------------------------------- */

static int refuse_literal_password(const struct yaml *map, struct error *error)
{
	for (size_t i = 0; i < map->count; i++)
		if (str_equal(map->keys[i]->text, "password"))
			return yaml_refuse(
				map->keys[i], error,
				"a password does not stand in the plan; name where it is "
				"with password_env, password_file or defaults_file");
	return 0;
}

/* Two places for one password would leave it open which one counts. */
static int password_has_one_place(const struct yaml *map, struct error *error)
{
	static const char *const places[] = { "password_env", "password_file", "defaults_file" };
	const char *first = NULL;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!yaml_get(map, places[i]))
			continue;
		if (first)
			return yaml_refuse(yaml_get(map, places[i]), error,
			                   "\"%s\" and \"%s\" both say where the password is; keep "
			                   "one",
			                   first, places[i]);
		first = places[i];
	}
	if (yaml_get(map, "defaults_group") && !yaml_get(map, "defaults_file"))
		return yaml_refuse(yaml_get(map, "defaults_group"), error,
		                   "\"defaults_group\" names a group of a file; add "
		                   "\"defaults_file\"");
	return 0;
}

/* Somebody who takes password_env for the password itself must not see it in the message. */
static bool is_variable_name(const char *text)
{
	return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
	               strlen(text) &&
	       !(*text >= '0' && *text <= '9');
}

static int password_env_is_name(const struct yaml *map, struct error *error)
{
	const char *name = yaml_text(map, "password_env");

	if (!name || is_variable_name(name))
		return 0;
	return yaml_refuse(yaml_get(map, "password_env"), error,
	                   "\"password_env\" is the name of an environment variable (letters, "
	                   "digits and _), not the password itself");
}

int plan_password(struct reading *reading, const struct yaml *map, const char **ret)
{
	const struct yaml *env = yaml_get(map, "password_env");
	const struct yaml *file = yaml_get(map, "password_file");
	const char *why = NULL;

	if (env)
		*ret = secret_from_environment(reading->arena, env->text, &why);
	else if (file)
		*ret = secret_from_file(reading->arena, plan_path(reading, file->text), &why);
	return why ? yaml_refuse(env ? env : file, reading->error, "%s", why) : 0;
}

/* What the plan says itself goes before what its defaults_file says. */
static int read_defaults(struct reading *reading, const struct yaml *map, struct login *login)
{
	const struct yaml *file = yaml_get(map, "defaults_file");
	const char *group = yaml_text(map, "defaults_group"), *why;
	struct defaults defaults;

	if (!file)
		return 0;
	if (defaults_read(reading->arena, plan_path(reading, file->text), group ? group : "client",
	                  &defaults, &why))
		return yaml_refuse(file, reading->error, "%s", why);
	if (!login->user)
		login->user = defaults.user;
	/* As the clients have it: the socket counts for this machine alone. */
	if (!login->host && !login->socket) {
		login->host = defaults.host;
		if (!defaults.host || str_equal(defaults.host, "localhost"))
			login->socket = defaults.socket;
	}
	if (!login->port && login->host)
		login->port = defaults.port;
	login->password = defaults.password;
	return 0;
}

/* --- endpoints --------------------------------------------------------------------------- */

static const char *unreadable(struct arena *arena, const char *path)
{
	return access(path, R_OK) == 0
	               ? NULL
	               : arena_printf(arena,
	                              "%s cannot be read: %s; check the path and the permissions",
	                              path, strerror(errno));
}

int plan_readable_file(struct reading *reading, const struct yaml *map, const char *key,
                       const char **ret)
{
	const struct yaml *value = yaml_get(map, key);
	const char *why;

	if (!value)
		return 0;
	*ret = plan_path(reading, value->text);
	why = unreadable(reading->arena, *ret);
	return why ? yaml_refuse(value, reading->error, "%s", why) : 0;
}

static int judge_tls(const struct yaml *tls, struct error *error)
{
	const char *nearest;
	enum tls_mode mode;

	if (tls->type == YAML_MAP)
		return plan_expect(tls, "\"tls\"", tls_keys, error);
	if (tls->type != YAML_SCALAR)
		return yaml_refuse(tls, error,
		                   "\"tls\" is a word (preferred, required, verify-ca, "
		                   "verify-identity or off) or a map of mode, ca, cert and key");
	if (tls_mode_find(tls->text, &mode))
		return 0;
	nearest = str_nearest(tls->text, tls_modes);
	return yaml_refuse(tls, error,
	                   "\"tls\" is \"%.40s\"; it should be preferred, required, verify-ca, "
	                   "verify-identity or off%s%s%s",
	                   tls->text, nearest ? "; did you mean \"" : "", nearest ? nearest : "",
	                   nearest ? "\"?" : "");
}

static int read_tls(struct reading *reading, const struct yaml *tls, struct login *login)
{
	if (!tls)
		return 0;
	if (judge_tls(tls, reading->error))
		return -1;
	tls_mode_find(tls->type == YAML_MAP ? yaml_text(tls, "mode") : tls->text, &login->tls);
	if (plan_readable_file(reading, tls, "ca", &login->ca) ||
	    plan_readable_file(reading, tls, "cert", &login->cert) ||
	    plan_readable_file(reading, tls, "key", &login->key))
		return -1;
	if (!login->cert != !login->key)
		return yaml_refuse(tls, reading->error,
		                   "\"cert\" and \"key\" belong together; add the other one");
	return 0;
}

static int judge_replicas(struct reading *reading, const struct yaml *replicas)
{
	for (size_t i = 0; i < scalar_count(replicas); i++) {
		const struct yaml *item = scalar_at(replicas, i);
		struct uri uri;
		const char *why;

		if (uri_parse(reading->arena, item->text, &uri, &why))
			return yaml_refuse(item, reading->error, "item %zu of \"replicas\": %s",
			                   i + 1, why);
		if (uri.password)
			return yaml_refuse(item, reading->error,
			                   "item %zu of \"replicas\" holds a password; leave it "
			                   "out, the endpoint's own is used",
			                   i + 1);
	}
	return 0;
}

int plan_judge_account(const struct yaml *map, const char *what, const struct yaml_key *keys,
                       struct error *error)
{
	if (refuse_literal_password(map, error) || plan_expect(map, what, keys, error) ||
	    password_has_one_place(map, error) || password_env_is_name(map, error))
		return -1;
	return yaml_get(map, "tls") ? judge_tls(yaml_get(map, "tls"), error) : 0;
}

int plan_complete_login(struct reading *reading, const struct yaml *map, const char *what,
                        struct login *login)
{
	if (!login->host && !login->socket)
		return yaml_refuse(
			map, reading->error,
			"\"%s\" names neither a host nor a socket; add host: or socket:", what);
	if (!login->user)
		return yaml_refuse(map, reading->error, "\"%s\" names no user; add user:", what);
	if (login->socket && login->host && !str_equal(login->host, "localhost"))
		return yaml_refuse(yaml_get(map, "socket") ? yaml_get(map, "socket") : map,
		                   reading->error,
		                   "\"%s\" names a host and a socket, which is on this machine; "
		                   "leave one out",
		                   what);
	if (login->socket) {
		login->host = NULL;
		login->port = 0;
	} else if (!login->port) {
		login->port = PLAN_DEFAULT_PORT;
	}
	return 0;
}

int plan_read_login(struct reading *reading, const struct yaml *map, const char *what,
                    const struct yaml_key *keys, struct login *login)
{
	if (plan_judge_account(map, arena_printf(reading->arena, "\"%s\"", what), keys,
	                       reading->error))
		return -1;
	login->host = yaml_text(map, "host");
	login->user = yaml_text(map, "user");
	login->port = (unsigned)yaml_int(map, "port", 0);
	if (yaml_get(map, "socket"))
		login->socket = plan_path(reading, yaml_text(map, "socket"));
	if (plan_password(reading, map, &login->password) || read_defaults(reading, map, login))
		return -1;
	return read_tls(reading, yaml_get(map, "tls"), login);
}

static int read_endpoint(struct reading *reading, const struct yaml *map, enum endpoint_id id)
{
	struct plan_endpoint *endpoint = &reading->plan->at[id];
	const char *what = endpoint_name(id);

	if (!map)
		return 0;
	endpoint->configured = true;
	if (plan_read_login(reading, map, what, endpoint_keys, &endpoint->login) ||
	    judge_replicas(reading, yaml_get(map, "replicas")))
		return -1;
	return plan_complete_login(reading, map, what, &endpoint->login);
}

/* --- migration --------------------------------------------------------------------------- */

static int read_migration(struct reading *reading, const struct yaml *map)
{
	const char *start = yaml_text(map, "start");

	if (!map)
		return 0;
	if (plan_expect(map, "\"migration\"", migration_keys, reading->error))
		return -1;
	if (yaml_get(map, "start") && !parses_as(start, "%Y-%m-%dT%H:%M:%S%z"))
		return yaml_refuse(yaml_get(map, "start"), reading->error,
		                   "\"start\" is a time with its zone, like "
		                   "2027-01-10T02:00:00+08:00");
	reading->plan->migration = map;
	return 0;
}

/* --- objects, waivers, profiles ---------------------------------------------------------- */

static const struct object_pattern *read_patterns(struct reading *reading, const struct yaml *list)
{
	size_t count = scalar_count(list);
	struct object_pattern *patterns = arena_array(reading->arena, count + 1, sizeof(*patterns));

	for (size_t i = 0; i < count; i++) {
		const struct yaml *item = scalar_at(list, i);
		const char *why;

		if (object_pattern_parse(reading->arena, item->text, &patterns[i], &why)) {
			yaml_refuse(item, reading->error, "the object pattern \"%.200s\" %s",
			            item->text, why);
			return NULL;
		}
	}
	return patterns;
}

static int read_objects(struct reading *reading, const struct yaml *map)
{
	struct objects *objects = &reading->plan->objects;

	if (!map)
		return 0;
	if (plan_expect(map, "\"objects\"", objects_keys, reading->error))
		return -1;
	objects->include_count = scalar_count(yaml_get(map, "include"));
	objects->exclude_count = scalar_count(yaml_get(map, "exclude"));
	objects->include = read_patterns(reading, yaml_get(map, "include"));
	objects->exclude =
		objects->include ? read_patterns(reading, yaml_get(map, "exclude")) : NULL;
	if (!objects->exclude)
		return -1;
	objects->scope = objects_scope(objects->include, objects->include_count);
	return 0;
}

static int read_limits(struct reading *reading, const struct yaml *map)
{
	if (!map)
		return 0;
	if (plan_expect(map, "\"limits\"", limits_keys, reading->error))
		return -1;
	reading->plan->statement_seconds =
		(unsigned)yaml_int(map, "statement_seconds", DEFAULT_STATEMENT_SECONDS);
	return 0;
}

static int read_expires(const struct yaml *expires, struct waiver *waiver, struct error *error)
{
	struct tm day = { 0 };

	waiver->expires_ms = INT64_MAX;
	if (!expires)
		return 0;
	if (strlen(expires->text) != strlen("2027-01-31") || !parses_as(expires->text, "%Y-%m-%d"))
		return yaml_refuse(expires, error,
		                   "\"expires\" is the last day the waiver holds, like 2027-01-31");
	strptime(expires->text, "%Y-%m-%d", &day);
	waiver->expires = expires->text;
	waiver->expires_ms = (int64_t)timegm(&day) * 1000 + DAY_MS - 1;
	return 0;
}

static int read_waivers(struct reading *reading, const struct yaml *list)
{
	size_t count = list ? list->count : 0;
	struct waiver *waivers = arena_array(reading->arena, count + 1, sizeof(*waivers));

	for (size_t i = 0; i < count; i++) {
		const struct yaml *map = list->items[i];

		if (plan_expect(map, "a waiver", waiver_keys, reading->error))
			return -1;
		waivers[i].rule = yaml_text(map, "rule");
		waivers[i].object = yaml_text(map, "object");
		waivers[i].unknown = yaml_get(map, "status") != NULL;
		waivers[i].reason = yaml_text(map, "reason");
		waivers[i].owner = yaml_text(map, "owner");
		if (read_expires(yaml_get(map, "expires"), &waivers[i], reading->error))
			return -1;
	}
	reading->plan->waivers = waivers;
	reading->plan->waiver_count = count;
	return 0;
}

static int read_profiles(struct reading *reading, const struct yaml *value)
{
	size_t count = scalar_count(value);
	const char **names = arena_array(reading->arena, count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++) {
		const struct yaml *item = scalar_at(value, i);
		const char *why = profile_name_refusal(reading->arena, item->text);

		if (why)
			return yaml_refuse(item, reading->error, "%s", why);
		names[i] =
			profile_is_path(item->text) ? plan_path(reading, item->text) : item->text;
	}
	reading->plan->profiles = names;
	return 0;
}

static void read_plugins(struct reading *reading, const struct yaml *value)
{
	size_t count = scalar_count(value);
	const char **paths = arena_array(reading->arena, count + 1, sizeof(*paths));

	for (size_t i = 0; i < count; i++)
		paths[i] = plan_path(reading, scalar_at(value, i)->text);
	reading->plan->plugins = paths;
}

/* --- the whole --------------------------------------------------------------------------- */

struct plan *plan_new(struct arena *arena)
{
	static const char *const none[] = { NULL };
	struct plan *plan = arena_new_of(arena, struct plan);

	plan->profiles = none;
	plan->plugins = none;
	plan->statement_seconds = DEFAULT_STATEMENT_SECONDS;
	plan_begin_oms(plan);
	return plan;
}

static int read_plan(struct reading *reading, const struct yaml *map)
{
	struct plan *plan = reading->plan;

	if (map->type == YAML_NULL)
		return yaml_refuse(map, reading->error,
		                   "the plan is empty; it should name a profile, a source and a "
		                   "target");
	if (plan_expect(map, "the plan", plan_keys, reading->error))
		return -1;
	if (yaml_get(map, "mode"))
		mode_find(yaml_text(map, "mode"), &plan->mode);
	read_plugins(reading, yaml_get(map, "plugins"));
	if (read_profiles(reading, yaml_get(map, "profile")) ||
	    read_endpoint(reading, yaml_get(map, "source"), ENDPOINT_SOURCE) ||
	    read_endpoint(reading, yaml_get(map, "target"), ENDPOINT_TARGET) ||
	    read_migration(reading, yaml_get(map, "migration")) ||
	    plan_read_oms(reading, yaml_get(map, "oms")) ||
	    read_objects(reading, yaml_get(map, "objects")) ||
	    read_limits(reading, yaml_get(map, "limits")))
		return -1;
	return read_waivers(reading, yaml_get(map, "waivers"));
}

struct plan *plan_read(struct arena *arena, const char *file, struct error *error)
{
	struct reading reading = { .arena = arena, .plan = plan_new(arena), .error = error };
	const struct yaml *map = yaml_read_file(arena, file, error);

	if (!map)
		return NULL;
	reading.plan->file = arena_strdup(arena, file);
	return read_plan(&reading, map) ? NULL : reading.plan;
}

/* --- the command line and the environment ------------------------------------------------ */

static const char *environment_password(struct arena *arena, enum endpoint_id id)
{
	static const char *const variables[ENDPOINT_COUNT] = {
		[ENDPOINT_SOURCE] = "MIGDOCTOR_SOURCE_PASSWORD",
		[ENDPOINT_TARGET] = "MIGDOCTOR_TARGET_PASSWORD",
		[ENDPOINT_METADB] = "MIGDOCTOR_METADB_PASSWORD",
		[ENDPOINT_CONSOLE] = "MIGDOCTOR_CONSOLE_PASSWORD",
	};
	const char *value = variables[id] ? getenv(variables[id]) : NULL;

	return value && *value ? arena_strdup(arena, value) : NULL;
}

static void lay_over(struct login *login, const struct uri *uri)
{
	if (uri->user)
		login->user = uri->user;
	if (uri->socket) {
		login->socket = uri->socket;
		login->host = NULL;
		login->port = 0;
	} else {
		login->host = uri->host;
		login->socket = NULL;
		login->port = uri->port ? uri->port : login->port ? login->port : PLAN_DEFAULT_PORT;
	}
	if (uri->has_tls)
		login->tls = uri->tls;
	if (uri->ca)
		login->ca = uri->ca;
	if (uri->cert)
		login->cert = uri->cert;
	if (uri->key)
		login->key = uri->key;
}

static int judge_uri_files(struct arena *arena, const struct uri *uri, const char *option,
                           struct error *error)
{
	const char *const paths[] = { uri->ca, uri->cert, uri->key };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *why = paths[i] ? unreadable(arena, paths[i]) : NULL;

		if (why)
			return error_usage(error, "%s: %s", option, why);
	}
	return 0;
}

int plan_set_uri(struct arena *arena, struct plan *plan, enum endpoint_id id, const char *option,
                 const char *text, struct error *error)
{
	struct plan_endpoint *endpoint = &plan->at[id];
	struct login login = endpoint->login;
	const char *from_environment = environment_password(arena, id), *why;
	struct uri uri;

	if (uri_parse(arena, text, &uri, &why))
		return error_usage(error, "%s: %s", option, why);
	if (judge_uri_files(arena, &uri, option, error))
		return -1;
	lay_over(&login, &uri);
	if (!login.user)
		return error_usage(error, "%s: it names no user; write mysql://user@host:3306",
		                   option);
	if (!login.cert != !login.key)
		return error_usage(error, "%s: cert= and key= belong together; add the other one",
		                   option);
	if (uri.password)
		login.password = *uri.password ? uri.password : NULL;
	else if (from_environment)
		login.password = from_environment;
	endpoint->login = login;
	endpoint->configured = true;
	endpoint->password_in_argv = uri.password && *uri.password;
	return 0;
}

void plan_set_environment(struct arena *arena, struct plan *plan)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		struct plan_endpoint *endpoint = &plan->at[i];
		bool is_mysql = endpoint_kind((enum endpoint_id)i) == KIND_MYSQL;
		const char **password =
			is_mysql ? &endpoint->login.password : &endpoint->service.password;
		const char *value = environment_password(arena, (enum endpoint_id)i);

		if (!endpoint->configured || !value || (*password && !endpoint->password_learnt))
			continue;
		*password = value;
		endpoint->password_learnt = false;
	}
}

int plan_set_objects(struct arena *arena, struct plan *plan, const char *const *patterns,
                     struct error *error)
{
	struct object_pattern *include;
	size_t count = 0;

	while (patterns[count])
		count++;
	if (!count)
		return 0;
	include = arena_array(arena, count, sizeof(*include));
	for (size_t i = 0; i < count; i++) {
		const char *why;

		if (object_pattern_parse(arena, patterns[i], &include[i], &why))
			return error_usage(error, "--object: the pattern \"%.200s\" %s",
			                   patterns[i], why);
	}
	plan->objects.include = include;
	plan->objects.include_count = count;
	plan->objects.scope = objects_scope(include, count);
	return 0;
}
