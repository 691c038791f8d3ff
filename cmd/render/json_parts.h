#ifndef CMD_RENDER_JSON_PARTS_H
#define CMD_RENDER_JSON_PARTS_H

#include "cmd/render/render.h"

/* What the JSON formats have in common. Values are jansson's; none is NULL, for want of memory ends
 * the process. Putting and appending take a value over. */
struct json_t;

struct json_parts {
	struct arena *arena;
	enum lang lang;
};

/* The pointer itself, which is not NULL. */
void *json_had(struct arena *arena, void *pointer);

void json_put(const struct json_parts *parts, struct json_t *object, const char *key,
              struct json_t *value);
void json_append(const struct json_parts *parts, struct json_t *array, struct json_t *value);

/* A text that may hold a server's bytes. */
struct json_t *json_text(const struct json_parts *parts, const char *text);

/* Leaves the key out where there is no text. */
void json_put_text(const struct json_parts *parts, struct json_t *object, const char *key,
                   const char *text);
void json_put_number(const struct json_parts *parts, struct json_t *object, const char *key,
                     uint64_t number);

/* An empty object or array under a key. */
struct json_t *json_put_object(const struct json_parts *parts, struct json_t *object,
                               const char *key);
struct json_t *json_put_array(const struct json_parts *parts, struct json_t *object,
                              const char *key);

/* "evidence", "objects" and "objects_total" of a result, as schema/report.json describes them. */
void json_put_evidence(const struct json_parts *parts, struct json_t *object,
                       const struct result *result);
void json_put_objects(const struct json_parts *parts, struct json_t *object,
                      const struct result *result);

/* Writes the whole and frees it. What a terminal would obey stands as an escape. */
void json_write(const struct json_parts *parts, struct json_t *root, struct str *out);

#endif
