#ifndef CATALOG_BASE_ARENA_H
#define CATALOG_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory with one lifetime. A run allocates from an arena and frees it whole; nothing in it is
 * freed singly. An arena belongs to one thread at a time: every probe thread has its own.
 * Running out of memory prints one line and ends the process with status 70, so no caller tests
 * for NULL.
 */
struct arena;

struct arena *arena_new(void);

/* Frees the arena and everything that was allocated from it. NULL is allowed. */
void arena_free(struct arena *arena);

/* Makes `child`'s memory live as long as `arena`: a thread that is done hands over what it made.
 * The child is not used to allocate any more. */
void arena_adopt(struct arena *arena, struct arena *child);

/* Returns size zeroed bytes, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc, for count things of size bytes; the product may not overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* Copies of text. arena_strdup(arena, NULL) is NULL; arena_strndup ends its copy with a NUL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Allocates one zeroed THING. */
#define arena_new_of(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

#endif
