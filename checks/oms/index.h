#ifndef CHECKS_OMS_INDEX_H
#define CHECKS_OMS_INDEX_H

#include <stddef.h>

struct arena;

/* Numbers texts from 0 on, each text once: what belongs together among ten thousand projects is
 * found without comparing all with all. */
struct index;

/* Room for `most` texts. */
struct index *index_new(struct arena *arena, size_t most);

/* The number of the text, given out now where it has none yet. The text is kept, not copied. */
size_t index_put(struct index *index, const char *text);

/* How many numbers were given out. */
size_t index_count(const struct index *index);

/* The text of a number. */
const char *index_text(const struct index *index, size_t number);

#endif
