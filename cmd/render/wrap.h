#ifndef CMD_RENDER_WRAP_H
#define CMD_RENDER_WRAP_H

struct str;

/* How running text is set. */
struct wrap {
	unsigned width;  /* columns of a line; 0: lines end where the text has a newline */
	unsigned indent; /* spaces before every line but the first */
	/* Put round what stands in backticks; take no columns. NULL is none. */
	const char *quote_on, *quote_off;
};

/*
 * Appends text whose first line goes on at column `column`. Lines break at spaces and between
 * Chinese characters, never before a closing or after an opening mark, and never inside
 * backticks: a statement that is too wide stands on a line of its own and passes the margin, so
 * that it can be copied. The text holds nothing hidden but newlines. No newline follows the last
 * line.
 */
void wrap_add(struct str *out, const char *text, unsigned column, const struct wrap *wrap);

#endif
