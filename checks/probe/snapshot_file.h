#ifndef CHECKS_PROBE_SNAPSHOT_FILE_H
#define CHECKS_PROBE_SNAPSHOT_FILE_H

#include "checks/probe/snapshot.h"

/* What the writer (snapshot_write.c) and the reader (snapshot.c) share; nobody else includes this. */

#define SNAPSHOT_SCHEMA "migdoctor/facts/1"

/* The words for enum group_state. */
#define SNAPSHOT_STATES 3
extern const char *const snapshot_states[SNAPSHOT_STATES];

#endif
