#ifndef CHECKS_CORE_VERSION_H
#define CHECKS_CORE_VERSION_H

#include <stdbool.h>

/* Who made the server. Told by the version text, never by the port or the comment alone: MariaDB
 * says "MariaDB" in its version, OceanBase "OceanBase" in its version or comment. */
enum flavor { FLAVOR_UNKNOWN, FLAVOR_MYSQL, FLAVOR_MARIADB, FLAVOR_OCEANBASE, FLAVOR_TIDB };

struct version {
	enum flavor flavor;
	unsigned major, minor, patch;
};

/* Reads the text of VERSION() and of @@version_comment (which may be NULL). A text without a
 * number gives FLAVOR_UNKNOWN and zeros. Suffixes ("-log", "-MariaDB-1:10.11.19+deb12u1 from
 * Debian") are no part of the number. OceanBase's number is its own ("5.7.25-OceanBase-v4.2.1.0"
 * is 4.2.1), because rules for it are written so. */
struct version version_parse(const char *text, const char *comment);

/* "mysql", "mariadb", "oceanbase", "tidb", "unknown". */
const char *flavor_name(enum flavor flavor);

/* Whether a is at least major.minor.patch; flavour is not looked at. */
bool version_at_least(struct version version, unsigned major, unsigned minor, unsigned patch);

/* A range as profiles write it: "5.7" is that series (5.7.any; "8" is 8.any.any), and ">=8.0.22",
 * ">8.0", "<=5.6", "<5.6.2" compare as far as they are written. */
bool version_range_is_valid(const char *range);
bool version_range_has(const char *range, struct version version);

#endif
