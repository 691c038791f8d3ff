#include "catalog/base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double up to a limit, so that a small run costs one malloc and a large one few. */
#define FIRST_BLOCK 4096
#define LARGEST_BLOCK (1024 * 1024)

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *block;
	size_t next_size;
};

static _Noreturn void out_of_memory(void)
{
	static const char text[] = "migdoctor: out of memory\n";

	fwrite(text, 1, sizeof(text) - 1, stderr);
	_Exit(70);
}

struct arena *arena_new(void)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	arena->next_size = FIRST_BLOCK;
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->block, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

void arena_adopt(struct arena *arena, struct arena *child)
{
	struct block **end = &arena->block;

	while (*end)
		end = &(*end)->next;
	*end = child->block;
	free(child);
}

static void add_block(struct arena *arena, size_t least)
{
	size_t size = arena->next_size > least ? arena->next_size : least;
	struct block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		out_of_memory();
	block->size = size;
	block->next = arena->block;
	arena->block = block;
	if (arena->next_size < LARGEST_BLOCK)
		arena->next_size *= 2;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t step = alignof(max_align_t);
	void *result;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + step - 1) / step * step;
	if (!size)
		size = step;
	if (!arena->block || arena->block->size - arena->block->used < size)
		add_block(arena, size);
	result = arena->block->bytes + arena->block->used;
	arena->block->used += size;
	return result;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		return arena_strdup(arena, "");
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
