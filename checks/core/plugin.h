#ifndef MIGDOCTOR_PLUGIN_H
#define MIGDOCTOR_PLUGIN_H

/*
 * The one header of an external plugin, and all that it needs. A plugin is a shared object
 * (cc -shared -fPIC -o site.so site.c) that exports one symbol:
 *
 *     const struct migdoctor_plugin migdoctor_plugin = {
 *             .abi = MIGDOCTOR_PLUGIN_ABI, .name = "site", .check_count = 1, .checks = checks };
 *
 * Its checks judge; they do no I/O. Each brings one SELECT, WITH, SHOW or EXPLAIN that migdoctor
 * runs in its own read-only session, with its own limits, and receives the rows as plain data.
 * A rule of a profile binds a check to an endpoint and a code:
 *
 *     - {id: site.audit, check: site.audit-on, with: {endpoint: source}, code: "md:9001"}
 *
 * The plugin is named in the plan (`plugins:`) or by --plugin.
 */

#include <stddef.h>
#include <stdint.h>

/* Raised whenever something in this header changes its meaning or layout. */
#define MIGDOCTOR_PLUGIN_ABI 1u

/* The rows of the check's statement. Cells stand row after row; SQL's NULL is NULL. `total` rows
 * answered, of which the first `count` are here. Valid during the call of judge alone. */
struct migdoctor_rows {
	size_t columns;
	size_t count;
	uint64_t total;
	const char *const *names;
	const char *const *cells;
};

struct migdoctor_finding;

/* What a check may say. Saying nothing is passing. Texts are copied. Sentences are given in English
 * and Chinese; a NULL zh shows the English one to everybody. */
struct migdoctor_api {
	void (*fail)(struct migdoctor_finding *finding, const char *what, const char *expected,
	             const char *actual);
	void (*object)(struct migdoctor_finding *finding, const char *schema, const char *table);
	void (*skip)(struct migdoctor_finding *finding, const char *en, const char *zh);
	void (*unknown)(struct migdoctor_finding *finding, const char *en, const char *zh);
};

struct migdoctor_check {
	const char *id; /* "site.audit-on": lower case, digits, '-', at least one '.' */
	const char *title_en;
	const char *title_zh;
	const char *sql;
	void (*judge)(const struct migdoctor_api *api, const struct migdoctor_rows *rows,
	              struct migdoctor_finding *finding);
};

struct migdoctor_plugin {
	uint32_t abi;     /* MIGDOCTOR_PLUGIN_ABI */
	const char *name; /* lower case, digits, '-' */
	size_t check_count;
	const struct migdoctor_check *checks;
};

#endif
