#include "checks/oms/index.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <stdint.h>

struct index {
	size_t count, slots;
	const char **texts;
	size_t *numbers; /* by slot: a number plus one; 0 is an empty slot */
};

/* FNV-1a. */
static uint64_t hash(const char *text)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (; *text; text++)
		sum = (sum ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return sum;
}

struct index *index_new(struct arena *arena, size_t most)
{
	struct index *index = arena_new_of(arena, struct index);

	index->slots = 16;
	while (index->slots < 2 * most)
		index->slots *= 2;
	index->texts = arena_array(arena, most + 1, sizeof(*index->texts));
	index->numbers = arena_array(arena, index->slots, sizeof(*index->numbers));
	return index;
}

size_t index_put(struct index *index, const char *text)
{
	size_t slot = hash(text) & (index->slots - 1);

	while (index->numbers[slot]) {
		if (str_equal(index->texts[index->numbers[slot] - 1], text))
			return index->numbers[slot] - 1;
		slot = (slot + 1) & (index->slots - 1);
	}
	index->texts[index->count] = text;
	index->numbers[slot] = ++index->count;
	return index->count - 1;
}

size_t index_count(const struct index *index)
{
	return index->count;
}

const char *index_text(const struct index *index, size_t number)
{
	return index->texts[number];
}
