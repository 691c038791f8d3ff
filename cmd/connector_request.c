#include "cmd/connector_request.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "profiles/uri.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define GRAMMAR "IP-PORT:connector_v2:PROJECT-full_trans|incr_trans-N-N:NNNNNNNNNN"

static bool refuse(const char *why, const char **ret_why)
{
	*ret_why = why;
	return false;
}

static bool is_made_of(const char *text, const char *characters)
{
	return *text && text[strspn(text, characters)] == '\0';
}

static bool holds_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

/* --- the name of a task ----------------------------------------------------------------------- */

/* The pieces of a name. What stands between them has been taken away. */
struct pieces {
	const char *ip, *port, *word, *project, *kind, *first, *second, *sequence;
};

/* Cuts what stands behind the last `mark` off and returns it; NULL where there is none. */
static char *cut_last(char *text, char mark)
{
	char *at = strrchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

/* From the end on: an IPv6 address holds colons, and an id of a project underscores. */
static bool cut_name(struct arena *arena, const char *text, struct pieces *ret)
{
	char *rest = arena_strdup(arena, text), *middle;

	ret->sequence = cut_last(rest, ':');
	middle = ret->sequence ? cut_last(rest, ':') : NULL;
	ret->word = middle ? cut_last(rest, ':') : NULL;
	ret->port = ret->word ? cut_last(rest, '-') : NULL;
	ret->ip = rest;
	ret->second = ret->port ? cut_last(middle, '-') : NULL;
	ret->first = ret->second ? cut_last(middle, '-') : NULL;
	ret->kind = ret->first ? cut_last(middle, '-') : NULL;
	ret->project = middle;
	return ret->kind;
}

bool connector_is_address(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_port(const char *text)
{
	long long port;

	return is_made_of(text, DIGITS) && str_to_int(text, &port) && port >= 1 && port <= 65535;
}

static enum connector_kind kind_of_word(const char *word)
{
	if (str_equal(word, "full_trans"))
		return CONNECTOR_FULL;
	return str_equal(word, "incr_trans") ? CONNECTOR_INCR : CONNECTOR_OTHER;
}

static const char *wrong_piece(struct arena *arena, const struct pieces *of)
{
	if (!connector_is_address(of->ip))
		return arena_printf(arena, "\"%.60s\" before the port is no IP address", of->ip);
	if (!is_port(of->port))
		return arena_printf(arena, "the port \"%.20s\" is no number from 1 to 65535",
		                    of->port);
	if (!str_equal(of->word, "connector_v2"))
		return arena_printf(arena, "\"%.40s\" stands where connector_v2 is due", of->word);
	if (!is_made_of(of->project, LETTERS DIGITS "_"))
		return arena_printf(arena, "\"%.60s\" is no project's id (letters, digits and _)",
		                    of->project);
	if (kind_of_word(of->kind) == CONNECTOR_OTHER)
		return arena_printf(arena, "\"%.40s\" stands where full_trans or incr_trans is due",
		                    of->kind);
	if (!is_made_of(of->first, DIGITS) || !is_made_of(of->second, DIGITS))
		return arena_printf(arena, "\"%.20s-%.20s\" after %s are no two numbers", of->first,
		                    of->second, of->kind);
	if (!is_made_of(of->sequence, DIGITS) || strlen(of->sequence) != 10)
		return arena_printf(arena, "the number at the end, \"%.40s\", has not ten digits",
		                    of->sequence);
	return NULL;
}

/* What could end the parameter, or the whole target, is taken from nobody. */
static bool can_be_sent(const char *text, const char **ret_why)
{
	if (!*text)
		return refuse("the task's name is empty", ret_why);
	if (holds_control(text))
		return refuse("the task's name holds a control character, which --name-as-is does "
		              "not send either",
		              ret_why);
	if (strpbrk(text, " ?&#/%"))
		return refuse("the task's name holds a space or one of ?&#/%, which --name-as-is "
		              "does not send either",
		              ret_why);
	if (!utf8_is_valid(text))
		return refuse("the task's name is no UTF-8", ret_why);
	return true;
}

/* Of an irregular name its words alone tell the kind. */
static enum connector_kind kind_within(const char *text)
{
	bool full = strstr(text, "full_trans"), incr = strstr(text, "incr_trans");

	if (full == incr)
		return CONNECTOR_OTHER;
	return full ? CONNECTOR_FULL : CONNECTOR_INCR;
}

bool connector_name_read(struct arena *arena, const char *text, bool as_is,
                         struct connector_name *ret, const char **ret_why)
{
	struct pieces of = { 0 };
	const char *wrong = "it has not the form";

	*ret = (struct connector_name){ .text = text };
	if (!can_be_sent(text, ret_why))
		return false;
	if (cut_name(arena, text, &of))
		wrong = wrong_piece(arena, &of);
	if (!wrong) {
		ret->kind = kind_of_word(of.kind);
		ret->project = of.project;
		return true;
	}
	if (as_is) {
		ret->kind = kind_within(text);
		return true;
	}
	*ret_why = arena_printf(arena,
	                        "\"%.200s\" is no connector's name: %s; a name is " GRAMMAR
	                        ", and --name-as-is sends another one all the same",
	                        text, wrong);
	return false;
}

bool connector_names_are_kin(struct arena *arena, const char *one, const char *other)
{
	struct pieces a = { 0 }, b = { 0 };

	return cut_name(arena, one, &a) && cut_name(arena, other, &b) &&
	       str_equal(a.word, b.word) && str_equal(a.project, b.project) &&
	       str_equal(a.kind, b.kind) && str_equal(a.first, b.first) &&
	       str_equal(a.second, b.second);
}

/* --- options ---------------------------------------------------------------------------------- */

bool connector_setting_read(struct arena *arena, const char *text, bool removed,
                            struct connector_setting *ret, const char **ret_why)
{
	const char *equals = removed ? NULL : strchr(text, '=');
	const char *name = equals ? arena_strndup(arena, text, (size_t)(equals - text)) : text;
	const char *dot = strchr(name, '.');

	/* Not even the word that lacks its '=' is shown: it may be a password. */
	if (!removed && !equals)
		return refuse("it has no '='; write SCOPE.KEY=VALUE, such as "
		              "source.username=oms, and nothing after the '=' for an empty value",
		              ret_why);
	if (!dot || dot == name || !dot[1]) {
		*ret_why = arena_printf(
			arena, "\"%.100s\" is no SCOPE.KEY, such as source.checkpoint", name);
		return false;
	}
	if (!utf8_is_valid(text) || holds_control(name))
		return refuse("the name holds a control character, or the text is no UTF-8",
		              ret_why);
	if (removed && strchr(name, ',')) {
		*ret_why = arena_printf(
			arena, "\"%.100s\" holds a comma; give --unset once a parameter", name);
		return false;
	}
	ret->scope = arena_strndup(arena, name, (size_t)(dot - name));
	ret->key = dot + 1;
	ret->value = equals ? equals + 1 : NULL;
	return true;
}

/* --- a time ----------------------------------------------------------------------------------- */

/* As many digits as `count`, as a number. False where there are fewer, or something else. */
static bool take_digits(const char **at, unsigned count, int *ret)
{
	*ret = 0;
	for (; count; count--, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		*ret = *ret * 10 + (**at - '0');
	}
	return true;
}

static bool take_one_of(const char **at, const char *characters)
{
	if (!**at || !strchr(characters, **at))
		return false;
	(*at)++;
	return true;
}

static bool take_date(const char **at, struct tm *ret)
{
	if (!take_digits(at, 4, &ret->tm_year) || !take_one_of(at, "-") ||
	    !take_digits(at, 2, &ret->tm_mon) || !take_one_of(at, "-") ||
	    !take_digits(at, 2, &ret->tm_mday))
		return false;
	ret->tm_year -= 1900;
	ret->tm_mon--;
	return true;
}

static bool take_clock(const char **at, struct tm *ret)
{
	return take_digits(at, 2, &ret->tm_hour) && take_one_of(at, ":") &&
	       take_digits(at, 2, &ret->tm_min) && take_one_of(at, ":") &&
	       take_digits(at, 2, &ret->tm_sec) && ret->tm_hour < 24 && ret->tm_min < 60 &&
	       ret->tm_sec < 60;
}

/* Z, +08:00, +0800, -03. */
static bool take_zone(const char **at, int *ret_seconds)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes = 0;

	*ret_seconds = 0;
	if (take_one_of(at, "Zz"))
		return true;
	if (!take_one_of(at, "+-") || !take_digits(at, 2, &hours))
		return false;
	if (**at && (take_one_of(at, ":"), !take_digits(at, 2, &minutes)))
		return false;
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return hours < 24 && minutes < 60;
}

#define TIME_FORMS "such as 1676286000, or 2023-02-13T19:00:00+08:00"

static bool read_iso(const char *text, int64_t *ret, const char **ret_why)
{
	struct tm written = { 0 }, same;
	const char *at = text;
	int zone;

	if (!take_date(&at, &written) || !take_one_of(&at, "Tt ") || !take_clock(&at, &written))
		return refuse("it is no time; give whole Unix seconds or ISO 8601, " TIME_FORMS,
		              ret_why);
	if (!*at)
		return refuse("it names no time zone; add one, such as +08:00, or Z for UTC",
		              ret_why);
	if (!take_zone(&at, &zone) || *at)
		return refuse("what follows the seconds is no time zone; add one, such as +08:00, "
		              "or Z for UTC",
		              ret_why);
	/* timegm moves 30 February on. */
	same = written;
	*ret = (int64_t)timegm(&same) - zone;
	if (same.tm_mday != written.tm_mday || same.tm_mon != written.tm_mon)
		return refuse("the calendar has no such day", ret_why);
	return true;
}

static bool read_seconds(struct arena *arena, const char *text, int64_t *ret, const char **ret_why)
{
	long long number;
	size_t length = strlen(text);

	if (length == 13 || length == 16) {
		*ret_why = arena_printf(arena, "these are %s; --to takes whole seconds: %.10s",
		                        length == 13 ? "milliseconds" : "microseconds", text);
		return false;
	}
	if (length > 10 || !str_to_int(text, &number) || number < 1)
		return refuse("it is no time; give whole Unix seconds or ISO 8601, " TIME_FORMS,
		              ret_why);
	*ret = number;
	return true;
}

bool connector_time_read(struct arena *arena, const char *text, int64_t now, int64_t *ret,
                         const char **ret_why)
{
	bool good = is_made_of(text, DIGITS) ? read_seconds(arena, text, ret, ret_why)
	                                     : read_iso(text, ret, ret_why);

	if (!good)
		return false;
	if (*ret < 1)
		return refuse("it lies before 1970", ret_why);
	if (*ret > now) {
		*ret_why = arena_printf(arena, "%s is yet to come; a pullback leads to the past",
		                        clock_rfc3339(arena, *ret * 1000));
		return false;
	}
	return true;
}

/* --- a service -------------------------------------------------------------------------------- */

static bool read_login(struct arena *arena, const char *text, size_t length,
                       struct http_service *ret, const char **ret_why)
{
	const char *colon = memchr(text, ':', length);
	size_t user = colon ? (size_t)(colon - text) : length;

	ret->user = uri_decode(arena, text, user);
	ret->password = colon ? uri_decode(arena, colon + 1, length - user - 1) : NULL;
	if (!ret->user || !*ret->user || (colon && !ret->password))
		return refuse("has a user or a password that cannot be read; write @ as "
		              "%40, : as %3A and % as %25 there",
		              ret_why);
	return true;
}

bool connector_console_read(struct arena *arena, const char *text, struct http_service *ret,
                            const char **ret_why)
{
	const char *after = strstr(text, "://"), *at = strrchr(text, '@'), *why;
	size_t scheme = after ? (size_t)(after - text) + 3 : 0;

	*ret = (struct http_service){ .url = text };
	if (scheme && at) {
		if (!read_login(arena, text + scheme, (size_t)(at - text) - scheme, ret, ret_why))
			return false;
		ret->url = arena_printf(arena, "%.*s%s", (int)scheme, text, at + 1);
	}
	why = service_url_refusal(arena, ret->url, false);
	return !why || refuse(why, ret_why);
}

/* --- requests --------------------------------------------------------------------------------- */

struct http_request connector_request(struct arena *arena, const char *call, const char *task,
                                      const struct connector_parameter *parameters,
                                      const char *body)
{
	struct str target = str_new(arena);

	str_addf(&target, "/connector/task/v2/%s?taskName=%s", call, http_escape(arena, task));
	for (; parameters && parameters->name; parameters++) {
		if (parameters->value)
			str_addf(&target, "&%s=%s", parameters->name,
			         http_escape(arena, parameters->value));
	}
	return (struct http_request){
		.method = "POST",
		.target = target.text,
		.content_type = body ? "application/json" : NULL,
		.body = body,
	};
}

static const char *dumped(struct arena *arena, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	const char *kept = arena_strdup(arena, text);

	free(text);
	json_decref(value);
	return kept;
}

const char *connector_update_body(struct arena *arena, const struct connector_setting *settings,
                                  size_t count)
{
	json_t *body = json_object();

	for (size_t i = 0; i < count; i++) {
		json_t *scope = json_object_get(body, settings[i].scope);

		if (!settings[i].value)
			continue;
		if (!scope) {
			scope = json_object();
			json_object_set_new(body, settings[i].scope, scope);
		}
		json_object_set_new(scope, settings[i].key, json_string(settings[i].value));
	}
	return dumped(arena, body);
}

const char *connector_removed(struct arena *arena, const struct connector_setting *settings,
                              size_t count)
{
	struct str list = str_new(arena);

	for (size_t i = 0; i < count; i++)
		if (!settings[i].value)
			str_addf(&list, "%s%s.%s", list.length ? "," : "", settings[i].scope,
			         settings[i].key);
	return list.length ? list.text : NULL;
}

const char *connector_checkpoint(struct arena *arena, const char *const *subtopics, int64_t seconds)
{
	const char *time = arena_printf(arena, "%lld", (long long)seconds);
	json_t *value = json_object();

	for (; *subtopics; subtopics++)
		json_object_set_new(value, *subtopics, json_string(time));
	return dumped(arena, value);
}

/* --- what a person can type ------------------------------------------------------------------- */

static const char *quoted(struct arena *arena, const char *text)
{
	struct str out = str_new(arena);

	str_add_char(&out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add(&out, "'\\''");
		else
			str_add_char(&out, *text);
	}
	str_add_char(&out, '\'');
	return out.text;
}

const char *shell_word(struct arena *arena, const char *text)
{
	return is_made_of(text, LETTERS DIGITS "-._:/@,+=") ? text : quoted(arena, text);
}

/* Past every proxy, as migdoctor sends it. */
const char *connector_curl(struct arena *arena, const char *url, const struct http_request *request)
{
	struct str line = str_new(arena);

	str_addf(&line, "curl -X%s %s", request->method,
	         quoted(arena, arena_printf(arena, "%s%s", url, request->target)));
	if (request->content_type)
		str_addf(&line, " --header %s",
		         quoted(arena,
		                arena_printf(arena, "Content-Type: %s", request->content_type)));
	if (request->body)
		str_addf(&line, " --data-raw %s", quoted(arena, request->body));
	str_add(&line, " --noproxy '*'");
	return line.text;
}
