#ifndef CHECKS_PROBE_OMS_CONFIG_H
#define CHECKS_PROBE_OMS_CONFIG_H

#include "checks/core/facts.h"

struct arena;

/*
 * The config.yaml of an OMS (/home/admin/conf/config.yaml in its container). It names the MetaDB
 * with its password, CM, and the nodes; plans learn endpoints from it, and checks judge its rules.
 */
struct oms_config {
	const char *path;
	struct group_status status; /* GROUP_GATHERED, or why not: "file:line:column: what" */
	struct rows rows;           /* key, value, line; see facts.def */
	const char *
		meta_password; /* oms_meta_password as it stands there, for signing in alone; or NULL */
};

/* Reads one. Never fails: what is wrong stands in its status. */
const struct oms_config *oms_config_read(struct arena *arena, const char *path);

/* The value of a key, of a list its first item; NULL where it is not there or empty. */
const char *oms_config_get(const struct oms_config *config, const char *key);

#endif
