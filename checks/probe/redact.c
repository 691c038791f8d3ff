#include "checks/probe/redact.h"

#include "catalog/base/str.h"

#include <string.h>
#include <strings.h>

#define MASK "***"

/* What introduces a secret. */
static const struct introduction {
	const char *word;
	bool is_key;  /* more of a name may follow, and then = or : must */
	bool is_line; /* all that follows in the line is secret */
} introductions[] = {
	{ "password", true, false },
	{ "passwd", true, false },
	{ "passphrase", true, false },
	{ "pwd", true, false },
	{ "secret", true, false },
	{ "token", true, false },
	{ "access_key", true, false },
	{ "access-key", true, false },
	{ "accesskey", true, false },
	{ "credential", true, false },
	{ "\xe5\xaf\x86\xe7\xa0\x81", true, false }, /* "password" in Chinese */
	{ "identified by", false, false },
	{ "authorization", true, true },
};

#define INTRODUCTIONS (sizeof(introductions) / sizeof(introductions[0]))

/* The colon of Chinese texts. */
#define WIDE_COLON "\xef\xbc\x9a"

bool redact_is_secret(const char *key)
{
	for (size_t i = 0; i < INTRODUCTIONS; i++)
		if (introductions[i].is_key && strcasestr(key, introductions[i].word))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_end(char c)
{
	return c == '\0' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

static const char *skip_blanks(const char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* Past a quote, which in JSON within JSON has backslashes before it. */
static const char *skip_quote(const char *p)
{
	const char *quote = p;

	while (*quote == '\\')
		quote++;
	return *quote == '"' || *quote == '\'' ? quote + 1 : p;
}

/* A name is no longer than this, nor a URL's user and password: a line of nothing but such words
 * shall not take a time of its length squared. */
#define LONGEST_NAME 64
#define LONGEST_URL 4096

/* Past the rest of a key and its = or :, or NULL where none follows. */
static const char *after_key(const char *p, bool *ret_quoted)
{
	const char *key = p;

	while (is_name(*p) && p - key < LONGEST_NAME)
		p++;
	key = p;
	p = skip_quote(p);
	*ret_quoted = p > key;
	p = skip_blanks(p);
	if (strncmp(p, WIDE_COLON, strlen(WIDE_COLON)) == 0)
		return p + strlen(WIDE_COLON);
	if (*p == ':' && p[1] == '=')
		p++;
	if (*p != '=' && *p != ':')
		return NULL;
	return *p == '=' && p[1] == '>' ? p + 2 : p + 1;
}

/* The end of a secret in quotes: the same quote with as many backslashes before it. */
static const char *quoted_end(const char *p, const char *quote, size_t length)
{
	for (; *p; p++) {
		if (strncmp(p, quote, length) == 0)
			return p;
		if (*p == '\\' && p[1])
			p++;
	}
	return p;
}

/* Where the secret that begins here ends; *ret_start is where it begins, past its quote. Without
 * quotes only JSON, which has them around its keys, says more than that it ends at a blank. */
static const char *secret_end(const char *p, bool is_line, bool is_json, const char **ret_start)
{
	const char *inside = skip_quote(p);

	*ret_start = p;
	if (!is_line && inside > p) {
		*ret_start = inside;
		return quoted_end(inside, p, (size_t)(inside - p));
	}
	while (!is_end(*p) && (is_line || !is_blank(*p)) && !(is_json && strchr(",}]", *p)))
		p++;
	return p;
}

/* What servers of the MySQL family say of a password is not the password. */
static bool tells_whether(const char *p)
{
	return str_starts(p, "YES)") || str_starts(p, "NO)");
}

/* If a secret is introduced here, where it begins and ends. */
static bool find_introduced(const char *p, const char **ret_start, const char **ret_end)
{
	for (size_t i = 0; i < INTRODUCTIONS; i++) {
		const struct introduction *known = &introductions[i];
		const char *after = p + strlen(known->word);
		bool is_json = false;

		if (strncasecmp(p, known->word, strlen(known->word)) != 0)
			continue;
		if (known->is_key)
			after = after_key(after, &is_json);
		if (!after)
			continue;
		after = skip_blanks(after);
		*ret_end = secret_end(after, known->is_line, is_json, ret_start);
		if (*ret_end > *ret_start && !tells_whether(after))
			return true;
	}
	return false;
}

/* A password may hold / ? and @ as they are: it ends at the last @ of the word. */
static bool find_in_url(const char *p, const char **ret_start, const char **ret_end)
{
	const char *url = p, *colon = NULL, *at = NULL;

	if (strncmp(p, "://", 3) != 0)
		return false;
	for (p += 3; !is_end(*p) && !strchr(" \t\"'", *p) && p - url < LONGEST_URL; p++) {
		if (*p == ':' && !colon)
			colon = p;
		if (*p == '@')
			at = p;
	}
	if (!colon || !at || at < colon + 2)
		return false;
	*ret_start = colon + 1;
	*ret_end = at;
	return true;
}

const char *redact_text(struct arena *arena, const char *text)
{
	struct str out = { 0 };
	const char *done = text, *p = text;

	while (*p) {
		const char *start, *end;

		if (!find_in_url(p, &start, &end) && !find_introduced(p, &start, &end)) {
			p++;
			continue;
		}
		if (!out.text)
			out = str_new(arena);
		str_add_n(&out, done, (size_t)(start - done));
		str_add(&out, MASK);
		p = done = end;
	}
	if (!out.text)
		return text;
	str_add(&out, done);
	return out.text;
}
