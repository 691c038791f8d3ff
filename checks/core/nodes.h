#ifndef CHECKS_CORE_NODES_H
#define CHECKS_CORE_NODES_H

#include "checks/core/check.h"

/* The nodes of an OMS, by their addresses. As pure as the checks that ask for them, which declare
 * the facts that these look at: FACT_host_config, and oms_nodes FACT_metadb_hosts, too. */

/* The cm_nodes of config.yaml, each once, in its order. NULL-terminated; empty where the file is
 * not known or names none. */
const char *const *oms_config_nodes(struct arena *arena, const struct facts *facts);

/* Those of config.yaml; without them the one that the plan gives as oms.host_ip; without that those
 * that the MetaDB has registered. NULL-terminated; empty where nothing says. */
const char *const *oms_nodes(struct arena *arena, const struct facts *facts,
                             const struct intent *intent);

#endif
