#ifndef CHECKS_PROBE_SUPERVISORD_H
#define CHECKS_PROBE_SUPERVISORD_H

#include "checks/probe/http.h"

/* Asks supervisord for its programs (supervisor.getAllProcessInfo). Rows: name, group, state,
 * statename, pid, exitstatus, spawnerr, description, start, stop, now; the times are Unix seconds.
 * On failure returns false and says why in *ret_why; FAILURE_CREDENTIALS where supervisord wants a
 * user, FAILURE_PROTOCOL where what answered is no supervisord. */
bool supervisord_programs(struct arena *arena, const struct http_service *service,
                          const struct budget *budget, struct rows *ret,
                          struct group_status *ret_why);

#endif
