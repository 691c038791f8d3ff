#ifndef CHECKS_PROBE_OMS_FACTS_H
#define CHECKS_PROBE_OMS_FACTS_H

#include "checks/probe/gather.h"

struct str;

/*
 * The probes of an OMS, one file each (metadb_facts.c, cm_facts.c, console_facts.c, host_facts.c;
 * the Supervisor agent and supervisord stand in supervisor_facts.c). Each fills the groups that its
 * owner has in facts.def and that `wanted` asks for, or says in their status why it could not. They
 * read nothing that the documentation of OMS does not print and nobody has observed.
 */

/* An endpoint of HTTP: its connect group, too. */
void cm_facts(struct arena *arena, const struct gather_request *request,
              const struct budget *budget, struct endpoint_facts *ret);
void console_facts(struct arena *arena, const struct gather_request *request,
                   const struct budget *budget, struct endpoint_facts *ret);
void supervisor_facts(struct arena *arena, const struct gather_request *request,
                      const struct budget *budget, struct endpoint_facts *ret);
void supervisord_facts(struct arena *arena, const struct gather_request *request,
                       const struct budget *budget, struct endpoint_facts *ret);

/* The Stores of CM that the request names, where CM was reached before; for those that only the
 * console could tell of. */
void cm_stores(struct arena *arena, const struct gather_request *request,
               const struct budget *budget, struct endpoint_facts *ret);

/* On a session that is signed in to. */
void metadb_facts(struct arena *arena, const struct gather_request *request,
                  struct session *session, struct endpoint_facts *ret);

/* The machine itself; its connect group is gathered by being here. */
void host_facts(struct arena *arena, const struct gather_request *request,
                const struct budget *budget, struct endpoint_facts *ret);

/* Write what each of them would send, or read, for --dry-run. */
void metadb_describe(struct arena *arena, const struct gather_request *request, struct str *out);
void cm_describe(struct arena *arena, const struct gather_request *request, struct str *out);
void console_describe(struct arena *arena, const struct gather_request *request, struct str *out);
void supervisor_describe(struct arena *arena, const struct gather_request *request,
                         struct str *out);
void supervisord_describe(struct arena *arena, const struct gather_request *request,
                          struct str *out);
void host_describe(struct arena *arena, const struct gather_request *request, struct str *out);

#endif
