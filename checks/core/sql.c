#include "checks/core/sql.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * The reader below is stricter than any server. Where servers, versions or SQL modes read a text in
 * different ways, it could be harmless for us and something else for the server, so such a text
 * is refused with the way to write it that has one meaning.
 */

/* Longer than any statement of a person, and no flight of statements takes more. */
#define LONGEST_SQL (64 * 1024)

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,   /* unquoted, in lower case */
	TOKEN_NAME,   /* in backticks */
	TOKEN_DOUBLE, /* in double quotes: a string, or a name under ANSI_QUOTES */
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_SIGN,
};

struct token {
	enum token_kind kind;
	const char *text; /* of what is quoted: the inside */
};

struct lexer {
	struct arena *arena;
	const char *at;
	struct token *tokens;
	size_t count;
	const char *why; /* set once something is refused */
};

#define BLANKS " \t\n\r"
#define DIGITS "0123456789"

static bool refuse(struct lexer *lexer, const char *why)
{
	lexer->why = why;
	return false;
}

static bool add(struct lexer *lexer, enum token_kind kind, const char *text)
{
	lexer->tokens[lexer->count++] = (struct token){ kind, text };
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '$' || (unsigned char)c >= 0x80;
}

/* --- from text to tokens ----------------------------------------------------------------- */

/* Control characters are white space to some servers and an error to others, and a lone carriage
 * return ends a comment for some. */
static bool text_is_clean(struct lexer *lexer, const char *sql)
{
	if (strlen(sql) > LONGEST_SQL)
		return refuse(lexer, "it is longer than 64 KiB");
	if (!utf8_is_valid(sql))
		return refuse(lexer, "it is not UTF-8");
	for (const char *c = sql; *c; c++) {
		bool lone = *c == '\r' && c[1] != '\n';

		if (lone || *c == 0x7f || ((unsigned char)*c < 0x20 && !strchr(BLANKS, *c)))
			return refuse(lexer, arena_printf(lexer->arena,
			                                  "it holds the control character 0x%02x",
			                                  (unsigned)*c));
	}
	return true;
}

static bool skip_line(struct lexer *lexer)
{
	lexer->at += strcspn(lexer->at, "\n");
	return true;
}

/* An executable comment may carry the mark of its maker: MariaDB's M!, TiDB's T!. */
static bool skip_block(struct lexer *lexer)
{
	const char *inside = lexer->at + 2;
	const char *end = strstr(inside, "*/");
	const char *nested = strstr(inside, "/*");

	if (*inside == '+')
		return refuse(lexer,
		              "it holds an optimiser hint (/*+ */), which can set variables");
	if (*inside == '!' || (is_word_char(*inside) && inside[1] == '!'))
		return refuse(lexer, "it holds an executable comment (/*! */), whose text some "
		                     "servers run");
	if (!end)
		return refuse(lexer, "a comment (/*) is not closed");
	if (nested && nested < end)
		return refuse(lexer, "a comment stands within a comment, which servers end in "
		                     "different places");
	lexer->at = end + 2;
	return true;
}

/* A backslash before the closing quote escapes it, or stands for itself under NO_BACKSLASH_ESCAPES:
 * the string would end in two different places. */
static bool read_string(struct lexer *lexer)
{
	char quote = *lexer->at;
	struct str text = str_new(lexer->arena);
	const char *c = lexer->at + 1;

	for (; *c; c++) {
		if (*c == quote && c[1] != quote)
			break;
		if (*c == '\\' && c[1] == quote)
			return refuse(lexer, "it holds a backslash before a quote, which servers "
			                     "read in two ways (NO_BACKSLASH_ESCAPES); write the "
			                     "quote twice instead");
		str_add_char(&text, *c);
		if (*c == quote || (*c == '\\' && c[1]))
			c++;
	}
	if (!*c)
		return refuse(lexer,
		              arena_printf(lexer->arena, "a quote (%c) is not closed", quote));
	lexer->at = c + 1;
	return add(lexer, quote == '"' ? TOKEN_DOUBLE : TOKEN_STRING, text.text);
}

static bool read_name(struct lexer *lexer)
{
	struct str text = str_new(lexer->arena);
	const char *c = lexer->at + 1;

	for (; *c; c++) {
		if (*c == '`' && c[1] != '`')
			break;
		str_add_char(&text, *c);
		c += *c == '`';
	}
	if (!*c)
		return refuse(lexer, "a backtick is not closed");
	lexer->at = c + 1;
	return add(lexer, TOKEN_NAME, text.text);
}

static size_t number_length(const char *text)
{
	size_t length;

	if (text[0] == '0' && text[1] == 'x' && strspn(text + 2, DIGITS "abcdefABCDEF"))
		return 2 + strspn(text + 2, DIGITS "abcdefABCDEF");
	if (text[0] == '0' && text[1] == 'b' && strspn(text + 2, "01"))
		return 2 + strspn(text + 2, "01");
	length = strspn(text, DIGITS);
	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, DIGITS);
	if (text[length] == 'e' || text[length] == 'E') {
		size_t sign = text[length + 1] == '+' || text[length + 1] == '-';
		size_t digits = strspn(text + length + 1 + sign, DIGITS);

		if (digits)
			length += 1 + sign + digits;
	}
	return length;
}

/* Servers read "1e1into" and "1.into" as a number and a word, and "1into" as a name. */
static bool read_number(struct lexer *lexer)
{
	size_t length = number_length(lexer->at);

	if (is_word_char(lexer->at[length]))
		return refuse(lexer, "a number runs into a word; put a space between them, or "
		                     "write a name that begins with a digit in backticks");
	add(lexer, TOKEN_NUMBER, arena_strndup(lexer->arena, lexer->at, length));
	lexer->at += length;
	return true;
}

static bool read_word(struct lexer *lexer)
{
	size_t length = 0;
	char *text;

	/* MySQL 9 quotes texts as $$...$$ and $tag$...$tag$. */
	if (*lexer->at == '$')
		return refuse(lexer, "a name begins with $, which newer servers read as a quote; "
		                     "write it in backticks");
	while (is_word_char(lexer->at[length]))
		length++;
	text = arena_strndup(lexer->arena, lexer->at, length);
	for (char *c = text; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	lexer->at += length;
	return add(lexer, TOKEN_WORD, text);
}

static bool read_sign(struct lexer *lexer)
{
	size_t length = 1;

	if (*lexer->at == '\\')
		return refuse(lexer, "it holds a backslash outside quotes; write NULL for \\N, and "
		                     "leave out \\G");
	if (lexer->at[0] == ':' && lexer->at[1] == '=')
		length = 2;
	add(lexer, TOKEN_SIGN, arena_strndup(lexer->arena, lexer->at, length));
	lexer->at += length;
	return true;
}

static bool read_token(struct lexer *lexer)
{
	const char *at = lexer->at;

	if (at[0] == '#')
		return skip_line(lexer);
	if (at[0] == '-' && at[1] == '-') {
		if (at[2] && !strchr(BLANKS, at[2]))
			return refuse(lexer, "-- without a space after it is a comment to some "
			                     "servers and two minus signs to others; put a space "
			                     "after or between them");
		return skip_line(lexer);
	}
	if (at[0] == '/' && at[1] == '*')
		return skip_block(lexer);
	if (at[0] == '\'' || at[0] == '"')
		return read_string(lexer);
	if (at[0] == '`')
		return read_name(lexer);
	if (is_digit(at[0]))
		return read_number(lexer);
	return is_word_char(at[0]) ? read_word(lexer) : read_sign(lexer);
}

static bool read_tokens(struct lexer *lexer, const char *sql)
{
	if (!text_is_clean(lexer, sql))
		return false;
	lexer->at = sql;
	lexer->tokens = arena_array(lexer->arena, strlen(sql) + 1, sizeof(*lexer->tokens));
	for (;;) {
		lexer->at += strspn(lexer->at, BLANKS);
		if (!*lexer->at)
			return add(lexer, TOKEN_END, "");
		if (!read_token(lexer))
			return false;
	}
}

/* --- what the tokens amount to ----------------------------------------------------------- */

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && str_equal(token->text, word);
}

static bool is_sign(const struct token *token, const char *sign)
{
	return token->kind == TOKEN_SIGN && str_equal(token->text, sign);
}

static bool is_name(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NAME ||
	       token->kind == TOKEN_DOUBLE;
}

static const char *upper(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *c = copy; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return copy;
}

/* Functions that do more than read, by what they do. A read-only session stops none of them. */
static const struct {
	const char *glob;
	const char *does;
} functions[] = {
	{ "get_lock", "takes a lock" },
	{ "release_lock", "gives a lock up" },
	{ "release_all_locks", "gives locks up" },
	{ "service_get_*_locks", "takes locks" },
	{ "service_release_locks", "gives locks up" },
	{ "sleep", "waits" },
	{ "benchmark", "keeps the server busy" },
	{ "master_pos_wait", "waits" },
	{ "source_pos_wait", "waits" },
	{ "master_gtid_wait", "waits" },
	{ "wait_for_executed_gtid_set", "waits" },
	{ "wait_until_sql_thread_after_gtids", "waits" },
	{ "wsrep_sync_wait_upto*", "waits" },
	{ "load_file", "reads files of the server" },
	{ "nextval", "changes a sequence" },
	{ "setval", "changes a sequence" },
	{ "sys_exec", "runs programs" },
	{ "sys_eval", "runs programs" },
	{ "sys_bineval", "runs programs" },
	{ "do_system", "runs programs" },
	{ "sys_get", "reads the server's environment" },
	{ "sys_set", "changes the server's environment" },
	{ "http_*", "sends requests" },
	{ "spider_*", "runs statements on other servers" },
	{ "group_replication_set_*", "changes the cluster" },
	{ "group_replication_switch_*", "changes the cluster" },
	{ "group_replication_*_member_action*", "changes the cluster" },
	{ "asynchronous_connection_failover_*", "changes replication" },
	{ "audit_log_*", "changes or reads the audit log" },
	{ "audit_api_*", "writes to the audit log" },
	{ "keyring_*", "reads or changes keys" },
	{ "version_tokens_*", "changes or locks the server's tokens" },
	{ "innodb_redo_log_*", "changes the redo log" },
	{ "*firewall*", "changes the firewall" },
	{ "gen_dictionary_*", "changes the server's dictionaries" },
	{ "masking_dictionar*", "changes the server's dictionaries" },
	{ "load_rewrite_rules", "changes the server's rewriting" },
	{ "flush_rewrite_cache", "changes the server's rewriting" },
	{ "mle_*", "changes the state of server programs" },
	{ "option_tracker_*", "changes the server's usage data" },
};

/* A quoted name calls the function, too. Servers up to 5.7 look functions up by a collation to
 * which accents and spaces at the end are nothing, and newer ones fold the Kelvin sign to k. */
static const char *call_refusal(struct arena *arena, const struct token *name)
{
	char *folded = arena_strdup(arena, name->text);
	size_t length = strlen(folded);

	while (length && folded[length - 1] == ' ')
		folded[--length] = '\0';
	for (char *c = folded; *c; c++) {
		if ((unsigned char)*c >= 0x80)
			return arena_printf(
				arena,
				"it calls %s; a function whose name is not ASCII can be "
				"another one to the server",
				name->text);
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (str_matches_glob(folded, functions[i].glob))
			return arena_printf(arena, "it calls %s, which %s", upper(arena, folded),
			                    functions[i].does);
	return NULL;
}

/* Words that make reading something else, as up to three words in a row. */
static const struct {
	const char *words[3];
	const char *why;
} phrases[] = {
	{ { "into" }, "it holds INTO, which stores what is read; leave it out" },
	{ { "for", "update" }, "it locks rows (FOR UPDATE); leave that out" },
	{ { "for", "share" }, "it locks rows (FOR SHARE); leave that out" },
	{ { "lock", "in", "share" }, "it locks rows (LOCK IN SHARE MODE); leave that out" },
	{ { "next", "value", "for" }, "it changes a sequence (NEXT VALUE FOR)" },
	{ { "procedure", "analyse" }, "it holds PROCEDURE ANALYSE" },
	{ { "update" }, "it holds UPDATE, which changes data; a name stands in backticks" },
	{ { "delete" }, "it holds DELETE, which changes data; a name stands in backticks" },
};

static bool phrase_is_at(const struct token *tokens, const char *const words[3])
{
	for (size_t i = 0; i < 3 && words[i]; i++)
		if (!is_word(&tokens[i], words[i]))
			return false;
	return true;
}

static const char *token_refusal(struct arena *arena, const struct token *tokens)
{
	bool calls = tokens[0].kind != TOKEN_END && is_sign(&tokens[1], "(");

	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrase_is_at(tokens, phrases[i].words))
			return phrases[i].why;
	/* INSERT() and REPLACE() are functions of strings. */
	if (!calls && (is_word(&tokens[0], "insert") || is_word(&tokens[0], "replace")))
		return arena_printf(arena,
		                    "it holds %s, which changes data; a name stands in backticks",
		                    upper(arena, tokens[0].text));
	if (is_sign(&tokens[0], ":="))
		return "it sets a variable (:=)";
	if (is_sign(&tokens[0], ".") && is_name(&tokens[1]) &&
	    str_equal_nocase(tokens[1].text, "nextval"))
		return "it changes a sequence (NEXTVAL)";
	if (is_sign(&tokens[0], ";") && tokens[1].kind != TOKEN_END)
		return "it holds a second statement after ';'; give one alone";
	return calls && is_name(&tokens[0]) ? call_refusal(arena, &tokens[0]) : NULL;
}

#define ALLOWED "only SELECT, WITH, SHOW and EXPLAIN are run"

static const char *query_refusal(struct arena *arena, const struct token *tokens)
{
	while (is_sign(tokens, "("))
		tokens++;
	if (is_word(tokens, "select") || is_word(tokens, "with"))
		return NULL;
	if (tokens->kind == TOKEN_END)
		return "it holds no statement; " ALLOWED;
	return arena_printf(arena, "it begins with %s; " ALLOWED,
	                    tokens->kind == TOKEN_WORD ? upper(arena, tokens->text) : "no word");
}

static size_t skip_explain_options(const struct token *tokens)
{
	static const char *const options[] = { "extended", "extended_noaddr", "partitions",
		                               "basic",    "outline",         NULL };
	size_t i = 0;

	for (;;) {
		size_t before = i;

		if (is_word(&tokens[i], "format") && is_sign(&tokens[i + 1], "="))
			i += tokens[i + 2].kind == TOKEN_END ? 2 : 3;
		for (const char *const *option = options; *option; option++)
			if (is_word(&tokens[i], *option) && is_name(&tokens[i + 1]))
				i++;
		if (i == before)
			return i;
	}
}

/* EXPLAIN of a table: a name, and perhaps a column or a pattern for columns. */
static bool is_table(const struct token *tokens)
{
	if (!is_name(tokens))
		return false;
	tokens++;
	if (is_sign(tokens, ".") && is_name(tokens + 1))
		tokens += 2;
	if (is_name(tokens) || tokens->kind == TOKEN_STRING)
		tokens++;
	if (is_sign(tokens, ";"))
		tokens++;
	return tokens->kind == TOKEN_END;
}

static const char *explain_refusal(struct arena *arena, const struct token *tokens)
{
	tokens += skip_explain_options(tokens);
	if (is_word(tokens, "analyze"))
		return "EXPLAIN ANALYZE runs the statement; leave ANALYZE out";
	if (!query_refusal(arena, tokens) || is_table(tokens))
		return NULL;
	return "it explains something else than a SELECT, a WITH or a table";
}

const char *sql_refusal(struct arena *arena, const char *sql)
{
	struct lexer lexer = { .arena = arena };
	const struct token *tokens;
	const char *why = NULL;

	if (!read_tokens(&lexer, sql))
		return lexer.why;
	tokens = lexer.tokens;
	if (tokens[0].kind == TOKEN_END)
		return "it is empty; " ALLOWED;
	if (!is_word(&tokens[0], "show") && !is_word(&tokens[0], "explain"))
		why = query_refusal(arena, tokens);
	for (size_t i = 0; i < lexer.count && !why; i++)
		why = token_refusal(arena, &tokens[i]);
	if (!why && is_word(&tokens[0], "explain"))
		why = explain_refusal(arena, &tokens[1]);
	return why;
}
