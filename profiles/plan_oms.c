#include "profiles/plan_reading.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "checks/probe/oms_config.h"
#include "profiles/uri.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

/* Fixed paths of OMS's container (documentation of V4.2.2). */
#define CONFIG "/home/admin/conf/config.yaml"
#define CM_PROPERTIES "/home/ds/cm/package/config/drc-cm.properties"
#define SUPERVISORD_SOCKET "/tmp/supervisor.sock"

/* --- what may stand there ------------------------------------------------------------------------ */

static const struct yaml_key oms_keys[] = {
	{ .name = "cm", .want = YAML_WANT_ANY },
	{ .name = "console", .want = YAML_WANT_ANY },
	{ .name = "supervisor", .want = YAML_WANT_ANY },
	{ .name = "supervisord", .want = YAML_WANT_ANY },
	{ .name = "metadb", .want = YAML_WANT_MAP },
	{ .name = "root", .want = YAML_WANT_TEXT },
	{ .name = "config", .want = YAML_WANT_TEXT },
	{ .name = "cm_properties", .want = YAML_WANT_TEXT },
	{ .name = "host_ip", .want = YAML_WANT_TEXT },
	{ .name = "stores", .want = YAML_WANT_TEXTS },
	{ .name = "checkpoint", .want = YAML_WANT_INT, .min = 1, .max = INT32_MAX * 2LL },
	{ .name = "projects", .want = YAML_WANT_TEXTS },
	{ 0 },
};

static const struct yaml_key metadb_keys[] = {
	LOGIN_KEYS,
	{ .name = "cm_db", .want = YAML_WANT_TEXT },
	{ .name = "heartbeat_db", .want = YAML_WANT_TEXT },
	{ .name = "rm_db", .want = YAML_WANT_TEXT },
	{ 0 },
};

static const struct yaml_key service_keys[] = {
	{ .name = "url", .want = YAML_WANT_TEXT },
	{ .name = "user", .want = YAML_WANT_TEXT },
	{ .name = "password_env", .want = YAML_WANT_TEXT },
	{ .name = "password_file", .want = YAML_WANT_TEXT },
	{ .name = "ca", .want = YAML_WANT_TEXT },
	{ 0 },
};

/* The HTTP services of an OMS, and where they are on a host whose config.yaml is there. */
static const struct {
	enum endpoint_id endpoint;
	bool may_be_socket;
	const char *port_key; /* in config.yaml; NULL: it stands there otherwise */
	unsigned port;        /* where the key is not there */
} services[] = {
	{ ENDPOINT_CM, false, NULL, 0 },
	{ ENDPOINT_CONSOLE, false, "nginx_server_port", 8089 },
	{ ENDPOINT_SUPERVISOR, false, "supervisor_server_port", 9000 },
	{ ENDPOINT_SUPERVISORD, true, NULL, 0 },
};

#define SERVICES (sizeof(services) / sizeof(services[0]))

/* --- what OMS's own config.yaml names ------------------------------------------------------------ */

/* The port that a key says; false where it says none, or no port. */
static bool config_port(const struct oms_config *config, const char *key, unsigned *ret)
{
	const char *text = oms_config_get(config, key);
	long long number;

	if (!text || !str_to_int(text, &number) || number < 1 || number > 65535)
		return false;
	*ret = (unsigned)number;
	return true;
}

/* What the plan does not say of the MetaDB. A password belongs to its user. */
static void learn_metadb(struct plan_endpoint *endpoint, const struct oms_config *config)
{
	const char *host = oms_config_get(config, "oms_meta_host");
	const char *user = oms_config_get(config, "oms_meta_user");
	struct login *login = &endpoint->login;
	unsigned port;

	if (!login->host && !login->socket) {
		if (!host || !config_port(config, "oms_meta_port", &port))
			return;
		login->host = host;
		login->port = login->port ? login->port : port;
	}
	if (!login->port && !login->socket)
		login->port = PLAN_DEFAULT_PORT;
	if (!login->user)
		login->user = user;
	if (!login->password && login->user && user && str_equal(login->user, user)) {
		login->password = config->meta_password;
		endpoint->password_learnt = true;
	}
}

static void learn_url(struct plan *plan, enum endpoint_id id, const char *url)
{
	struct plan_endpoint *endpoint = &plan->at[id];

	if (endpoint->service.url || !url)
		return;
	endpoint->service.url = url;
	endpoint->configured = true;
}

/* Services of the host itself. A file that is there but cannot be read or understood still tells that
 * OMS is: its services then have the ports that they have by default. */
static void learn_services(struct arena *arena, struct plan *plan, const struct oms_config *config)
{
	const char *cm_url = oms_config_get(config, "cm_url");

	if (cm_url && !service_url_refusal(arena, cm_url, false))
		learn_url(plan, ENDPOINT_CM, cm_url);
	if (access(config->path, F_OK) != 0)
		return;
	for (size_t i = 0; i < SERVICES; i++) {
		unsigned port = services[i].port;

		if (!services[i].port_key)
			continue;
		config_port(config, services[i].port_key, &port);
		learn_url(plan, services[i].endpoint,
		          arena_printf(arena, "http://127.0.0.1:%u", port));
	}
	learn_url(plan, ENDPOINT_SUPERVISORD,
	          arena_printf(arena, "unix://%s" SUPERVISORD_SOCKET, plan->oms.root));
}

/* Reads config.yaml, whose path is that within OMS's files, and takes from it what the plan does not
 * say. */
static void learn(struct arena *arena, struct plan *plan, const char *path)
{
	static const struct {
		const char *key;
		size_t offset;
	} databases[] = {
		{ "drc_cm_db", offsetof(struct oms_request, cm_db) },
		{ "drc_cm_heartbeat_db", offsetof(struct oms_request, heartbeat_db) },
		{ "drc_rm_db", offsetof(struct oms_request, rm_db) },
	};
	const struct oms_config *config =
		oms_config_read(arena, arena_printf(arena, "%s%s", plan->oms.root, path));

	plan->oms.config = config;
	plan->at[ENDPOINT_HOST].configured = true;
	learn_metadb(&plan->at[ENDPOINT_METADB], config);
	plan->at[ENDPOINT_METADB].configured =
		(plan->at[ENDPOINT_METADB].login.host || plan->at[ENDPOINT_METADB].login.socket) &&
		plan->at[ENDPOINT_METADB].login.user;
	learn_services(arena, plan, config);
	for (size_t i = 0; i < sizeof(databases) / sizeof(databases[0]); i++) {
		const char **name = (const char **)((char *)&plan->oms + databases[i].offset);

		if (!*name)
			*name = oms_config_get(config, databases[i].key);
	}
}

/* --- services that the plan names ----------------------------------------------------------------- */

static int read_url(struct reading *reading, const struct yaml *url, const char *what,
                    bool may_be_socket, struct http_service *service)
{
	const char *why = service_url_refusal(reading->arena, url->text, may_be_socket);

	if (why)
		return yaml_refuse(url, reading->error, "\"%s\" %s", what, why);
	service->url = url->text;
	return 0;
}

static int read_service_map(struct reading *reading, const struct yaml *map, const char *what,
                            bool may_be_socket, struct http_service *service)
{
	const struct yaml *url = yaml_get(map, "url");

	if (plan_judge_account(map, arena_printf(reading->arena, "\"%s\"", what), service_keys,
	                       reading->error))
		return -1;
	if (url && read_url(reading, url, what, may_be_socket, service))
		return -1;
	service->user = yaml_text(map, "user");
	if (!service->user && (yaml_get(map, "password_env") || yaml_get(map, "password_file")))
		return yaml_refuse(map, reading->error,
		                   "\"%s\" says where a password is, and no user; add user:", what);
	if (service->user && strchr(service->user, ':'))
		return yaml_refuse(yaml_get(map, "user"), reading->error,
		                   "\"user\" holds a colon, which ends the user in an HTTP "
		                   "sign-in; write the user alone");
	return plan_password(reading, map, &service->password) ||
	                       plan_readable_file(reading, map, "ca", &service->ca)
	               ? -1
	               : 0;
}

static int read_service(struct reading *reading, const struct yaml *oms, size_t place)
{
	enum endpoint_id id = services[place].endpoint;
	struct plan_endpoint *endpoint = &reading->plan->at[id];
	const struct yaml *value = yaml_get(oms, endpoint_name(id));
	bool may_be_socket = services[place].may_be_socket;

	if (!value)
		return 0;
	if (value->type != YAML_SCALAR && value->type != YAML_MAP)
		return yaml_refuse(value, reading->error,
		                   "\"%s\" is a URL or a map of url, user, password_env or "
		                   "password_file, and ca",
		                   endpoint_name(id));
	if (value->type == YAML_SCALAR
	            ? read_url(reading, value, endpoint_name(id), may_be_socket, &endpoint->service)
	            : read_service_map(reading, value, endpoint_name(id), may_be_socket,
	                               &endpoint->service))
		return -1;
	/* A map without it adds an account to a URL that is learnt. */
	if (!endpoint->service.url && !yaml_get(oms, "config") && !yaml_get(oms, "root"))
		return yaml_refuse(value, reading->error,
		                   "\"%s\" lacks \"url\", and no \"config\" tells it",
		                   endpoint_name(id));
	endpoint->configured = endpoint->service.url != NULL;
	return 0;
}

/* --- the section ---------------------------------------------------------------------------------- */

static int judge_host_ip(const struct yaml *ip, struct error *error)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (!ip || inet_pton(AF_INET, ip->text, address) == 1 ||
	    inet_pton(AF_INET6, ip->text, address) == 1)
		return 0;
	return yaml_refuse(ip, error, "\"host_ip\" is an IP address, like 10.0.0.3");
}

static const char *without_last_slashes(struct arena *arena, const char *path)
{
	size_t length = strlen(path);

	while (length && path[length - 1] == '/')
		length--;
	return arena_strndup(arena, path, length);
}

/* A file of OMS: below the root where one is named, else relative to the plan as all paths are. */
static const char *oms_path(struct reading *reading, const char *text)
{
	if (!*reading->plan->oms.root)
		return plan_path(reading, text);
	return arena_printf(reading->arena, "%s%s", *text == '/' ? "" : "/", text);
}

static int read_metadb(struct reading *reading, const struct yaml *oms)
{
	const struct yaml *map = yaml_get(oms, "metadb");
	struct plan_endpoint *endpoint = &reading->plan->at[ENDPOINT_METADB];

	if (!map)
		return 0;
	if (plan_read_login(reading, map, "metadb", metadb_keys, &endpoint->login))
		return -1;
	reading->plan->oms.cm_db = yaml_text(map, "cm_db");
	reading->plan->oms.heartbeat_db = yaml_text(map, "heartbeat_db");
	reading->plan->oms.rm_db = yaml_text(map, "rm_db");
	/* What is missing may stand in config.yaml: learn() then says whether it is enough. */
	if (!yaml_get(oms, "config") && !yaml_get(oms, "root"))
		endpoint->configured = true;
	else if (!endpoint->login.user || !(endpoint->login.host || endpoint->login.socket))
		return 0;
	return plan_complete_login(reading, map, "metadb", &endpoint->login);
}

static void read_texts(struct reading *reading, const struct yaml *oms)
{
	struct plan *plan = reading->plan;

	plan->oms_said = (struct oms_intent){
		.host_ip = yaml_text(oms, "host_ip"),
		.checkpoint = yaml_int(oms, "checkpoint", 0),
		.stores =
			yaml_get(oms, "stores") ? yaml_texts(reading->arena, oms, "stores") : NULL,
		.projects = yaml_get(oms, "projects") ? yaml_texts(reading->arena, oms, "projects")
		                                      : NULL,
	};
	plan->oms.stores = plan->oms_said.stores;
	plan->oms.projects = plan->oms_said.projects;
}

int plan_read_oms(struct reading *reading, const struct yaml *map)
{
	struct plan *plan = reading->plan;
	const char *root = yaml_text(map, "root"), *config = yaml_text(map, "config");
	const char *properties = yaml_text(map, "cm_properties");

	if (!map)
		return 0;
	if (plan_expect(map, "\"oms\"", oms_keys, reading->error) ||
	    judge_host_ip(yaml_get(map, "host_ip"), reading->error))
		return -1;
	if (root)
		plan->oms.root = without_last_slashes(reading->arena, plan_path(reading, root));
	for (size_t i = 0; i < SERVICES; i++)
		if (read_service(reading, map, i))
			return -1;
	if (read_metadb(reading, map))
		return -1;
	read_texts(reading, map);
	if (properties)
		plan->oms.cm_properties = oms_path(reading, properties);
	if (root || config)
		learn(reading->arena, plan, config ? oms_path(reading, config) : CONFIG);
	return 0;
}

/* --- without a plan, and the command line ---------------------------------------------------------- */

void plan_begin_oms(struct plan *plan)
{
	plan->oms.root = "";
	plan->oms.cm_properties = CM_PROPERTIES;
}

bool plan_set_local(struct arena *arena, struct plan *plan, const char *root)
{
	plan->oms.root = root ? without_last_slashes(arena, root) : "";
	learn(arena, plan, CONFIG);
	return access(plan->oms.config->path, F_OK) == 0;
}

int plan_set_cm(struct arena *arena, struct plan *plan, const char *text, struct error *error)
{
	const char *why = service_url_refusal(arena, text, false);
	struct plan_endpoint *cm = &plan->at[ENDPOINT_CM];

	if (why)
		return error_usage(error, "--cm %s", why);
	/* What the plan says of another CM is not sent to this one. */
	cm->service = (struct http_service){ .url = text };
	cm->configured = true;
	return 0;
}
