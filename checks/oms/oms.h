#ifndef CHECKS_OMS_OMS_H
#define CHECKS_OMS_OMS_H

#include "checks/core/wording.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

/* What the checks of an OMS share. As pure as they are. */

/* The rows of a fact of the OMS; NULL where it is not known. */
const struct rows *oms_seen(const struct check_input *in, enum fact_id id);

/* Why a fact of the OMS that a check `uses` is not there, in the words of the runner. */
struct note oms_why_missing(const struct check_input *in, enum fact_id id);

/* Where a fact was read from: the statement or file that its probe names, else the command by
 * which the documentation of OMS shows the same. */
const char *oms_from(const struct check_input *in, enum fact_id id);

/* Finds the first row whose column is the word. */
bool oms_row(const struct rows *rows, const char *column, const char *is, size_t *ret_row);

/* Cells of a column, separated by spaces; "" where there are none. */
const char *oms_column(struct arena *arena, const struct rows *rows, const char *column);

/* A list of words with spaces between them. */
const char *oms_joined(struct arena *arena, const char *const *words);

/* As evidence shows a list: "10.0.0.3 10.0.0.4", or that there is none. */
struct note oms_listed(const char *joined);

/* The value of a key of config.yaml; NULL where it is not there, is empty, or the file is unknown. */
const char *oms_config(const struct check_input *in, const char *key);

/* "/home/admin/conf/config.yaml:8": the file, and the line where it is known. */
const char *oms_config_place(const struct check_input *in, const char *line);

/* A number that the profile gives; `otherwise` where it does not. */
long long oms_number(const struct check_input *in, const char *name, long long otherwise);

/* The word of a parameter like "nginx 8089 nginx_server_port"; NULL past the last. */
const char *oms_word(struct arena *arena, const char *text, size_t index);

/* "3 s", "-40 s". */
const char *oms_seconds(struct arena *arena, long long seconds);

/* "4.0 GiB". */
const char *oms_bytes(struct arena *arena, long long bytes);

bool oms_is_loopback(const char *address);

/* Whether the machine that migdoctor runs on has the address on one of its interfaces, loopback
 * left out. Looks at FACT_host_addresses. */
bool oms_is_own(const struct check_input *in, const char *address);

/* The real address of the machine that migdoctor runs on: what the plan says; else the OMS_HOST_IP
 * or the entry of cm_nodes that one of its interfaces has; else the one address that it has. NULL
 * where none of them tells. Looks at the facts OMS_OWN_FACTS. */
const char *oms_own_address(const struct check_input *in);

/* The nodes that a check of each node judges: the one that is asked about, else all of them. An
 * entry of cm_nodes that no machine is known by (127.0.0.1) is none; without any other it stands for
 * this machine. NULL-terminated; empty where nothing says. Looks at OMS_OWN_FACTS and at
 * FACT_metadb_hosts. */
const char *const *oms_judged_nodes(const struct check_input *in);

#define OMS_OWN_FACTS \
	FACT_host_addresses, FACT_host_own_host_ip, FACT_host_environments, FACT_host_config

#endif
