#ifndef CHECKS_OMS_ASKED_H
#define CHECKS_OMS_ASKED_H

#include "checks/core/check.h"

/*
 * Codes that a service reported, as it prints them, against those that `diagnose` was asked about.
 * The rule's parameter `family` says which family of the catalog they are of. A code of the catalog
 * may have a part that varies ("CONNECTOR-SIKA-{type}-001101") or be one of two meanings ("...#2").
 */

/* Whether any code of the family was asked about: then others do not count. */
bool asked_narrows(const struct check_input *in);

/* Whether a reported code counts. */
bool asked_has(const struct check_input *in, const char *reported);

/* The catalog id of a reported code: the one that was asked about, else family and code together,
 * which the catalog may not have. */
const char *asked_id(const struct check_input *in, const char *reported);

#endif
