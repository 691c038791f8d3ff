#ifndef CATALOG_QUERY_SCAN_H
#define CATALOG_QUERY_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * The part of query.c that reads text: it finds what is written like a code, and knows from what
 * stands around it whose code it is. Which entry it is says query_resolve.c.
 */

/* Whose number it is. */
enum query_family {
	QUERY_ANY,   /* not said */
	QUERY_ERROR, /* what a server of the MySQL protocol sends to its clients */
	QUERY_MY,    /* the same, as the facility `my` of ob_error */
	QUERY_MYSQL,
	QUERY_LOG, /* MySQL's, as MY-NNNNNN */
	QUERY_MARIADB,
	QUERY_OB,
	QUERY_ORA,
	QUERY_PLS,
	QUERY_DTS,
	QUERY_MD,
	QUERY_OS,
	QUERY_ERRNO, /* of the operating system, or of a storage engine */
};

enum query_hit_kind {
	QUERY_NUMBER,
	QUERY_STATE,  /* an SQLSTATE with no number */
	QUERY_SYMBOL, /* `word` has an underscore and is known */
	QUERY_NEAR,   /* `word` is written like a symbol or a code and is unknown */
	QUERY_ID,     /* `word` is the id of an entry */
};

/* The more telling a hit, the more it weighs. */
enum query_weight {
	QUERY_WRAPPER = 30, /* says only that something else failed */
	QUERY_BESIDE = 50,  /* explains another code */
	QUERY_OUTER = 60,   /* of the line of the log, not of what the line tells */
	QUERY_PLAIN = 80,
	QUERY_OWN = 100, /* a code of the product that wrote the line */
};

struct query_hit {
	enum query_hit_kind kind;
	enum query_family family;
	enum query_weight weight;
	size_t at;        /* where it begins in the text */
	long long number; /* with its sign */
	bool padded;      /* has five digits with leading zeros, as Oracle writes them */
	bool doubtful;    /* may be another number: a guess at most */
	bool is_code;     /* surely a code: if unknown, its range is worth telling */
	bool has_argument;
	long long argument; /* of ORA-00600, without its sign */
	char sqlstate[6];   /* that stands beside it, or "" */
	const char *word;
};

#define QUERY_MOST_HITS 64

struct query_hits {
	struct arena *arena;
	const char *text;
	bool is_short; /* the text is one code and words about it, nothing else */
	bool mariadb, oceanbase, odbc, innodb; /* the text names the product */
	size_t lookups; /* how many words may still be looked up in the catalog */
	size_t count;
	struct query_hit hits[QUERY_MOST_HITS];
};

/* The family of a facility word (my, ora, pls, ob, obe, dts, os, mysql, mariadb) in any case. False
 * where it is none. */
bool query_facility(const char *word, enum query_family *ret);

/* Finds the hits in a text, at most QUERY_MOST_HITS. `hits` is zeroed first. */
void query_scan(struct arena *arena, const char *text, struct query_hits *hits);

/* --- characters and numbers, for the parts of query.c ----------------------------------------- */

static inline bool query_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool query_is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static inline bool query_is_word(char c)
{
	return query_is_digit(c) || query_is_letter(c) || c == '_';
}

static inline char query_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether the text begins with a prefix of ASCII in any case. */
bool query_starts(const char *text, const char *prefix);

/* The end of the word of a list (words with spaces between them) that stands here in any case,
 * or NULL. After a word of ASCII no letter may follow. */
const char *query_after_word(const char *text, const char *words);

struct query_number {
	long long value; /* with its sign */
	size_t digits;
	bool padded;
	const char *end;
};

/* Reads a number that may be a code: at most nine digits, and no part of a date, a time, an
 * address, a decimal or a longer word. */
bool query_number(const char *text, struct query_number *ret);

/* Whether an SQLSTATE stands here whose class is known, and nothing of a word after it. */
bool query_state(const char *text, char ret[6]);

/* Finds the number that a word like "error" or "errcode" introduces and adds its hit. Returns where
 * reading goes on: past the word and what was read. */
const char *query_introduced(struct query_hits *hits, const char *word, size_t length);

/* The same for Chinese words; `text` is at a byte that is no ASCII. */
const char *query_introduced_chinese(struct query_hits *hits, const char *text);

/* Adds a hit, unless there are too many. */
struct query_hit *query_hit_add(struct query_hits *hits, enum query_hit_kind kind, const char *at);

/* Adds the hit of a number, with the SQLSTATE in parentheses after it. */
struct query_hit *query_number_add(struct query_hits *hits, enum query_family family,
                                   const char *at, const struct query_number *number);

#endif
