#include "profiles/uri.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <string.h>

const char *const tls_modes[] = {
	[TLS_PREFERRED] = "preferred",
	[TLS_REQUIRED] = "required",
	[TLS_VERIFY_CA] = "verify-ca",
	[TLS_VERIFY_IDENTITY] = "verify-identity",
	[TLS_OFF] = "off",
	NULL,
};

bool tls_mode_find(const char *word, enum tls_mode *ret)
{
	for (int i = 0; tls_modes[i]; i++) {
		if (str_equal(word, tls_modes[i])) {
			*ret = (enum tls_mode)i;
			return true;
		}
	}
	return false;
}

#define SCHEME "mysql://"
#define EXAMPLE "mysql://user@host:3306"

struct reader {
	struct arena *arena;
	struct uri uri;
	const char *why;
};

static bool refuse(struct reader *reader, const char *why)
{
	reader->why = why;
	return false;
}

/* --- pieces ------------------------------------------------------------------------------ */

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that %XX at text stands for; 0 where it is none. */
static char decoded_byte(const char *text, size_t length)
{
	int high = length > 2 ? hex_value(text[1]) : -1;
	int low = length > 2 ? hex_value(text[2]) : -1;

	return high < 0 || low < 0 ? '\0' : (char)(high * 16 + low);
}

const char *uri_decode(struct arena *arena, const char *text, size_t length)
{
	struct str out = str_new(arena);

	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '%') {
			c = decoded_byte(text + i, length - i);
			i += 2;
		}
		if (!c)
			return NULL;
		str_add_char(&out, c);
	}
	return out.text;
}

static const char *decode(struct reader *reader, const char *text, size_t length)
{
	const char *decoded = uri_decode(reader->arena, text, length);

	if (!decoded)
		refuse(reader, "a % must be followed by two hexadecimal digits (%40 is @); "
		               "a percent sign itself is %25");
	return decoded;
}

static bool holds_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static bool read_user(struct reader *reader, const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);
	size_t user_length = colon ? (size_t)(colon - text) : length;

	if (!user_length)
		return refuse(reader, "the user before the @ is empty; write " EXAMPLE);
	reader->uri.user = decode(reader, text, user_length);
	if (!reader->uri.user)
		return false;
	if (holds_control(reader->uri.user))
		return refuse(reader, "the user holds a control character");
	if (colon)
		reader->uri.password = decode(reader, colon + 1, length - user_length - 1);
	return !colon || reader->uri.password;
}

static bool read_port(struct reader *reader, const char *text, size_t length)
{
	long long port;

	if (length > 5 || !str_to_int(arena_strndup(reader->arena, text, length), &port) ||
	    port < 1 || port > 65535)
		return refuse(reader, "the port after the ':' must be a number from 1 to 65535");
	reader->uri.port = (unsigned)port;
	return true;
}

static bool host_is_name(const char *host)
{
	for (; *host; host++) {
		unsigned char c = (unsigned char)*host;

		if (c <= ' ' || c == 0x7f || strchr("\"#%&'()*+,/:;<=>?@[\\]^`{|}~!$", c))
			return false;
	}
	return true;
}

/* [::1] or [fe80::1%25eth0]. */
static bool read_address(struct reader *reader, const char *text, size_t length, size_t *ret_used)
{
	const char *end = memchr(text, ']', length);
	size_t inside = end ? (size_t)(end - text) - 1 : 0;

	reader->uri.host = end ? decode(reader, text + 1, inside) : NULL;
	if (reader->why)
		return false;
	if (!end || !strchr(reader->uri.host, ':') ||
	    strspn(reader->uri.host, "0123456789abcdefABCDEF:.") < strcspn(reader->uri.host, "%"))
		return refuse(reader,
		              "an IPv6 address stands in brackets, like mysql://user@[::1]:3306");
	*ret_used = inside + 2;
	return true;
}

static bool read_host(struct reader *reader, const char *text, size_t length)
{
	const char *colon = memchr(text, ':', length);
	size_t used = colon ? (size_t)(colon - text) : length;

	if (length && *text == '[') {
		if (!read_address(reader, text, length, &used))
			return false;
		if (used < length && text[used] != ':')
			return refuse(reader, "after the ']' of an address only :port can follow");
	} else if (colon && memchr(colon + 1, ':', length - used - 1)) {
		return refuse(reader, "an IPv6 address stands in brackets, like "
		                      "mysql://user@[::1]:3306, and a ':' of a user or password is "
		                      "written %3A");
	} else if (used) {
		reader->uri.host = decode(reader, text, used);
		if (!reader->uri.host)
			return false;
		if (!host_is_name(reader->uri.host))
			return refuse(reader, "the host holds a character that no host name has");
	}
	return used == length || read_port(reader, text + used + 1, length - used - 1);
}

/* --- options ----------------------------------------------------------------------------- */

static const char *const option_names[] = { "tls", "ca", "cert", "key", "socket", NULL };

static const char **option_place(struct uri *uri, const char *name)
{
	if (str_equal(name, "ca"))
		return &uri->ca;
	if (str_equal(name, "cert"))
		return &uri->cert;
	if (str_equal(name, "key"))
		return &uri->key;
	return str_equal(name, "socket") ? &uri->socket : NULL;
}

static bool read_tls(struct reader *reader, const char *word)
{
	const char *nearest = str_nearest(word, tls_modes);

	if (tls_mode_find(word, &reader->uri.tls)) {
		reader->uri.has_tls = true;
		return true;
	}
	return refuse(reader, arena_printf(reader->arena,
	                                   "tls= is preferred, required, verify-ca, "
	                                   "verify-identity or off%s%s%s",
	                                   nearest ? "; did you mean " : "", nearest ? nearest : "",
	                                   nearest ? "?" : ""));
}

/* An unknown name is not repeated: it may be the rest of a password that holds a '?'. */
static bool refuse_option(struct reader *reader, const char *name)
{
	const char *nearest = str_nearest(name, option_names);

	return refuse(reader,
	              arena_printf(reader->arena,
	                           "an option after the '?' is unknown%s%s%s; there are tls, "
	                           "ca, cert, key and socket",
	                           nearest ? " (did you mean " : "", nearest ? nearest : "",
	                           nearest ? "?)" : ""));
}

static bool read_option(struct reader *reader, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length = equals ? (size_t)(equals - text) : length;
	const char *name = arena_strndup(reader->arena, text, name_length);
	const char **place = option_place(&reader->uri, name);
	bool is_tls = str_equal(name, "tls");
	const char *value;

	if (!place && !is_tls)
		return refuse_option(reader, name);
	value = equals ? decode(reader, equals + 1, length - name_length - 1) : "";
	if (!value)
		return false;
	if (!*value)
		return refuse(reader, arena_printf(reader->arena, "the option %s= is empty", name));
	if (place ? *place != NULL : reader->uri.has_tls)
		return refuse(reader,
		              arena_printf(reader->arena, "the option %s= stands twice", name));
	if (is_tls)
		return read_tls(reader, value);
	*place = value;
	return true;
}

static bool read_options(struct reader *reader, const char *text)
{
	for (;;) {
		size_t length = strcspn(text, "&");

		if (!read_option(reader, text, length))
			return false;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

/* --- the whole --------------------------------------------------------------------------- */

static const char *last_at(const char *text, size_t length)
{
	while (length--)
		if (text[length] == '@')
			return text + length;
	return NULL;
}

static bool read_authority(struct reader *reader, const char *text, size_t length)
{
	const char *at = last_at(text, length), *host = at ? at + 1 : text;
	size_t host_length = length - (size_t)(host - text);
	const char *slash = memchr(host, '/', host_length);

	if (slash && slash + 1 < text + length)
		return refuse(reader, "a path follows the host; which databases are meant is said "
		                      "by --object or `objects:`");
	if (slash)
		host_length--;
	return (!at || read_user(reader, text, (size_t)(at - text))) &&
	       read_host(reader, host, host_length);
}

static bool socket_fits(struct reader *reader)
{
	struct uri *uri = &reader->uri;

	if (!uri->socket && !uri->host)
		return refuse(reader, "it names no host; write " EXAMPLE
		                      " or mysql://user@localhost?socket=/path");
	if (!uri->socket)
		return true;
	if (uri->host && !str_equal(uri->host, "localhost"))
		return refuse(reader, "a socket is on this machine: write localhost as the host, "
		                      "or leave socket= out");
	if (uri->port)
		return refuse(reader, "a socket has no port; leave one of the two out");
	uri->host = NULL;
	return true;
}

static bool read_uri(struct reader *reader, const char *text)
{
	const char *options;
	size_t length;

	if (!utf8_is_valid(text))
		return refuse(reader, "it is not UTF-8; other bytes are written %XX");
	if (!str_starts(text, SCHEME))
		return refuse(reader, "a URI begins with mysql://; write " EXAMPLE);
	text += strlen(SCHEME);
	length = strcspn(text, "?");
	options = text[length] ? text + length + 1 : NULL;
	if (options && !last_at(text, length) && strchr(options, '@'))
		return refuse(reader,
		              "an @ stands after the first '?'; a '?' of a user or password "
		              "is written %3F, and an @ of an option %40");
	return read_authority(reader, text, length) &&
	       (!options || !*options || read_options(reader, options)) && socket_fits(reader);
}

int uri_parse(struct arena *arena, const char *text, struct uri *ret, const char **ret_why)
{
	struct reader reader = { .arena = arena };

	if (!read_uri(&reader, text)) {
		*ret_why = reader.why;
		return -1;
	}
	*ret = reader.uri;
	return 0;
}

/* --- URLs of services -------------------------------------------------------------------- */

/* The host and what follows it; NULL where no scheme is there. */
static const char *after_scheme(const char *text)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_starts(text, schemes[i]))
			return text + strlen(schemes[i]);
	return NULL;
}

/* "10.0.0.3", "[::1]", "cm.example": how long it is; 0 where it is none. */
static size_t host_span(const char *text)
{
	static const char name[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
	size_t length;

	if (*text != '[')
		return strspn(text, name);
	length = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
	return length > 1 && text[length] == ']' ? length + 1 : 0;
}

static bool is_port(struct arena *arena, const char *text, size_t length)
{
	long long port;

	return str_to_int(arena_strndup(arena, text, length), &port) && port >= 1 && port <= 65535;
}

const char *service_url_refusal(struct arena *arena, const char *text, bool may_be_socket)
{
	const char *rest = after_scheme(text);
	size_t length, port;

	if (may_be_socket && str_starts(text, "unix:///") && text[strlen("unix:///")])
		return NULL;
	/* Looked for first: what comes before it may be a password of any form. */
	if (rest && memchr(rest, '@', strcspn(rest, "/?#")))
		return "holds a user or a password; a URL names the host alone";
	length = rest ? host_span(rest) : 0;
	if (!length || (rest[length] && !strchr(":/?#", rest[length])))
		return may_be_socket ? "is a URL: http://host:port or unix:///path"
		                     : "is a URL: http://host:port";
	rest += length;
	if (*rest == ':') {
		port = strcspn(rest + 1, "/?#");
		if (!is_port(arena, rest + 1, port))
			return "has no port from 1 to 65535 after its host";
		rest += 1 + port;
	}
	rest += *rest == '/';
	return *rest ? "goes on after the port; it ends there, like http://host:port" : NULL;
}
