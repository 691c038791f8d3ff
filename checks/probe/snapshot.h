#ifndef CHECKS_PROBE_SNAPSHOT_H
#define CHECKS_PROBE_SNAPSHOT_H

#include "checks/core/check.h"
#include "checks/core/facts.h"

struct arena;
struct error;
struct str;

/*
 * The facts file: everything that judging needs, as JSON made from facts.def
 * (schema "migdoctor/facts/1"; cmd/schema/facts.json). It holds no password and no user's secret.
 */
struct snapshot {
	struct facts *facts;
	const char *const *profiles; /* that the facts were gathered for; NULL-terminated */
	enum mode mode;
	const char *const *include; /* object patterns as written; NULL-terminated */
	const char *const *exclude;
	struct oms_intent oms; /* what the plan said of an OMS */
};

/* Writes a snapshot as JSON, keys in a fixed order, a newline at the end. */
void snapshot_write(const struct snapshot *snapshot, struct str *out);

/* Reads one back. The file is untrusted: every type is checked, unknown keys are refused as the
 * sign of another version, and an error names file, line and key. NULL and *error on failure. */
struct snapshot *snapshot_read(struct arena *arena, const char *file, struct error *error);

#endif
