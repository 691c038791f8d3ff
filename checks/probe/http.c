#include "checks/probe/http.h"

#include <ctype.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/un.h>

/* The macros of <curl/typecheck-gcc.h> call functions by their names, which are members here. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/library.h"
#include "checks/probe/quote.h"
#include "checks/probe/session_failure.h"
#include "checks/probe/session_name.h"

/* --- the library ------------------------------------------------------------------------------ */

#define LIBRARY_FILE "libcurl.so.4"

#define FUNCTIONS(X)                \
	X(curl_global_init)         \
	X(curl_easy_init)           \
	X(curl_easy_setopt)         \
	X(curl_easy_getinfo)        \
	X(curl_easy_strerror)       \
	X(curl_easy_cleanup)        \
	X(curl_slist_append)        \
	X(curl_slist_free_all)      \
	X(curl_multi_init)          \
	X(curl_multi_add_handle)    \
	X(curl_multi_remove_handle) \
	X(curl_multi_perform)       \
	X(curl_multi_poll)          \
	X(curl_multi_info_read)     \
	X(curl_multi_cleanup)

struct library {
	FUNCTIONS(LIBRARY_MEMBER)
};

static const struct library_function functions[] = {
#define ENTRY(function) LIBRARY_ENTRY(struct library, function)
	FUNCTIONS(ENTRY)
#undef ENTRY
};

/* The only static things that change, and only once: what dlopen found, for all threads. It is
 * never closed: OpenSSL has registered functions that run at exit. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static struct library library;
static char library_error[512]; /* empty: it is there */

static void *open_library(const char *file, struct library *ret, char *ret_why, size_t size)
{
	const struct library_need need = { .file = file,
		                           .package = "libcurl4",
		                           .functions = functions,
		                           .count = sizeof(functions) / sizeof(functions[0]) };

	return library_open(&need, ret, ret_why, size);
}

static void load_once(void)
{
	if (open_library(LIBRARY_FILE, &library, library_error, sizeof(library_error)) &&
	    library.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		snprintf(library_error, sizeof(library_error), LIBRARY_FILE " does not start");
}

static bool fail(struct group_status *why, enum failure failure, const char *text)
{
	why->state = GROUP_FAILED;
	why->failure = failure;
	why->text = text;
	return false;
}

bool http_library_is_usable(struct arena *arena, const char *file, struct group_status *ret_why)
{
	struct library found;
	char why[sizeof(library_error)];

	*ret_why = (struct group_status){ .state = GROUP_GATHERED };
	if (open_library(file, &found, why, sizeof(why)))
		return true;
	return fail(ret_why, FAILURE_LIBRARY, arena_strdup(arena, why));
}

/* --- what is asked, and where ----------------------------------------------------------------- */

/* A service's URL, taken apart. */
struct place {
	const char *socket; /* path of a unix socket, or NULL */
	const char *base;   /* "http://10.0.0.3:8088" */
	const char *host;   /* a name or an IPv4 address to look up; NULL: there is none */
	long long port;
};

/* "10.0.0.3:8088" behind the scheme. */
static bool read_authority(struct arena *arena, const char *text, struct place *ret)
{
	bool is_ipv6 = *text == '[';
	size_t length =
		is_ipv6 ? strspn(text, "[0123456789abcdefABCDEF:.")
			: strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                               "0123456789-._");

	if (is_ipv6 && text[length] != ']')
		return false;
	if (is_ipv6)
		length++;
	else
		ret->host = arena_strndup(arena, text, length);
	if (!length)
		return false;
	text += length;
	if (!*text)
		return true;
	return *text == ':' && str_to_int(text + 1, &ret->port) && ret->port > 0 &&
	       ret->port < 65536;
}

static bool read_place(struct arena *arena, const char *url, struct place *ret)
{
	const char *scheme = str_starts(url, "https://") ? "https://" : "http://";
	const char *authority;
	size_t length;

	*ret = (struct place){ .base = "", .port = str_starts(url, "https://") ? 443 : 80 };
	if (str_starts(url, "unix:///")) {
		ret->base = "http://localhost";
		ret->socket = url + strlen("unix://");
		return true;
	}
	if (!str_starts(url, scheme))
		return false;
	authority = url + strlen(scheme);
	length = strlen(authority);
	/* "http://host:8088/" and "http://host:8088" are one. */
	if (length && authority[length - 1] == '/')
		length--;
	authority = arena_strndup(arena, authority, length);
	if (!read_authority(arena, authority, ret))
		return false;
	ret->base = arena_printf(arena, "%s%s", scheme, authority);
	return true;
}

static bool is_made_of(const char *text, int (*is_good)(int c))
{
	const char *c = text;

	while (*c && is_good((unsigned char)*c))
		c++;
	return c > text && !*c;
}

/* What cannot be asked, as a sentence; NULL: it can. A line end in any of these would be the end of
 * a header's line, and the rest of it headers of somebody's own. No sentence repeats the text: a
 * URL with a user in it has the password, too. */
static const char *refusal(struct arena *arena, const struct http_service *service,
                           const struct http_request *request, struct place *ret_place)
{
	if (!read_place(arena, service->url, ret_place))
		return "the address is none of http://HOST:PORT, https://HOST:PORT, unix:///PATH";
	if (ret_place->socket &&
	    strlen(ret_place->socket) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return "the path of the socket is longer than the system takes";
	if (!is_made_of(request->method, isupper))
		return "the method is no word in capitals";
	if (*request->target != '/' || !is_made_of(request->target, isgraph))
		return "the path does not start with '/', or has bytes that HTTP does not take";
	if (request->content_type && strpbrk(request->content_type, "\r\n"))
		return "the content type has more than one line";
	if (service->user && strchr(service->user, ':'))
		return "a user's name with a colon cannot be sent by Basic authentication";
	return NULL;
}

static const char *statement(struct arena *arena, const struct place *place,
                             const struct http_request *request)
{
	const char *text =
		arena_printf(arena, "%s %s%s%s%s", request->method, place->socket ? "unix://" : "",
	                     place->socket ? place->socket : place->base, place->socket ? " " : "",
	                     request->target);

	return quote_bytes(arena, text, strlen(text), SIZE_MAX);
}

const char *http_escape(struct arena *arena, const char *text)
{
	struct str out = str_new(arena);

	for (; *text; text++) {
		if (isascii((unsigned char)*text) &&
		    (isalnum((unsigned char)*text) || strchr("-._~:,@!*()", *text)))
			str_add_char(&out, *text);
		else
			str_addf(&out, "%%%02X", (unsigned)(unsigned char)*text);
	}
	return out.text;
}

/* --- the answer as it comes ------------------------------------------------------------------- */

/* An answer of a service that is asked about its health is some kilobytes. */
#define BODY_CAP ((size_t)8 << 20)
#define HEAD_CAP ((size_t)256 << 10)

/* A request while it runs. */
struct exchange {
	struct arena *arena;
	const struct budget *budget;
	struct place place;
	CURL *easy;
	CURLM *multi;
	struct curl_slist *headers, *addresses;
	char said[CURL_ERROR_SIZE];
	size_t cap;     /* of the body */
	size_t head;    /* bytes of it that have come */
	bool head_ends; /* its empty line has come */
	bool is_too_large;
	char *body;
	size_t length, room;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *exchange = data;
	size_t length = size * count;

	if (length > exchange->cap - exchange->length) {
		exchange->is_too_large = true;
		return length + 1;
	}
	if (exchange->length + length >= exchange->room) {
		size_t room = (exchange->length + length + 1) * 2;
		char *larger = arena_alloc(exchange->arena, room);

		if (exchange->length)
			memcpy(larger, exchange->body, exchange->length);
		exchange->body = larger;
		exchange->room = room;
	}
	memcpy(exchange->body + exchange->length, bytes, length);
	exchange->length += length;
	exchange->body[exchange->length] = '\0';
	return length;
}

/* Is given whole lines. A head that never ends is cut like a body that never does; one that the
 * peer has broken off is no answer, which libcurl does not say. */
static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *exchange = data;
	size_t length = size * count;

	exchange->head += length;
	if (exchange->head > HEAD_CAP) {
		exchange->is_too_large = true;
		return length + 1;
	}
	if (length >= 5 && !memcmp(bytes, "HTTP/", 5))
		exchange->head_ends = false;
	if (length && (*bytes == '\n' || (length > 1 && bytes[0] == '\r' && bytes[1] == '\n')))
		exchange->head_ends = true;
	return length;
}

/* --- the request's options -------------------------------------------------------------------- */

#define SET(option, value)                                                             \
	do {                                                                           \
		if (library.curl_easy_setopt(exchange->easy, CURLOPT_##option, value)) \
			return false;                                                  \
	} while (0)

static bool add(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = library.curl_slist_append(*list, text);

	if (longer)
		*list = longer;
	return longer;
}

static bool set_place(struct exchange *exchange, const char *target)
{
	SET(URL, exchange->place.base);
	SET(REQUEST_TARGET, target);
	SET(PROTOCOLS_STR, "http,https");
	SET(FOLLOWLOCATION, 0L);
	SET(RESOLVE, exchange->addresses);
	SET(UNIX_SOCKET_PATH, exchange->place.socket);
	/* Neither variables of the environment nor ~/.netrc say where to, or as whom. */
	SET(PROXY, "");
	SET(NOPROXY, "*");
	SET(NETRC, (long)CURL_NETRC_IGNORED);
	return true;
}

/* Basic alone, so that it is sent with the first request, and no other method is tried. */
static bool set_user(struct exchange *exchange, const struct http_service *service)
{
	SET(SSL_VERIFYPEER, 1L);
	SET(SSL_VERIFYHOST, 2L);
	if (service->ca) {
		SET(CAINFO, service->ca);
		/* Else the system's folder would be trusted beside. */
		SET(CAPATH, NULL);
	}
	if (service->user) {
		SET(HTTPAUTH, (long)CURLAUTH_BASIC);
		SET(USERNAME, service->user);
		SET(PASSWORD, service->password ? service->password : "");
	}
	return true;
}

static bool set_limits(struct exchange *exchange)
{
	int64_t left = exchange->budget->deadline_ms - clock_monotonic_ms();

	SET(ERRORBUFFER, exchange->said);
	SET(NOSIGNAL, 1L);
	/* Several addresses share this; the whole is ended by exchange_run(). */
	SET(CONNECTTIMEOUT_MS, (long)(left > 1 ? left : 1));
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(HTTP09_ALLOWED, 0L);
	/* On a connection that was used before, a request that dies unanswered would be sent
	 * again. */
	SET(FRESH_CONNECT, 1L);
	SET(FORBID_REUSE, 1L);
	SET(WRITEFUNCTION, take_body);
	SET(WRITEDATA, exchange);
	SET(HEADERFUNCTION, take_header);
	SET(HEADERDATA, exchange);
	return true;
}

static bool set_request(struct exchange *exchange, const struct http_request *request)
{
	const char *type = request->content_type ? request->content_type : "";
	const char *body = request->body ? request->body : "";

	SET(USERAGENT, "migdoctor/" MIGDOCTOR_VERSION);
	/* Waiting for `100 Continue` would cost a second where a server does not know it. */
	if (!add(&exchange->headers, "Expect:") ||
	    !add(&exchange->headers,
	         arena_printf(exchange->arena, "Content-Type:%s%s", *type ? " " : "", type)))
		return false;
	SET(HTTPHEADER, exchange->headers);
	/* A POST has a length even where it has no body: servers answer 411 without one. */
	if (request->body || str_equal(request->method, "POST")) {
		SET(POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
		SET(POSTFIELDS, body);
	} else if (str_equal(request->method, "HEAD")) {
		SET(NOBODY, 1L);
	}
	SET(CUSTOMREQUEST, request->method);
	return true;
}

/* --- running it ------------------------------------------------------------------------------- */

/* Names are looked up before, because libcurl would wait for a resolver that does not answer. */
static bool look_up(struct exchange *exchange, struct group_status *ret_why)
{
	const struct place *place = &exchange->place;
	struct name_addresses found;
	struct str list;
	int error;

	if (!place->host)
		return true;
	error = name_look_up(place->host, exchange->budget->deadline_ms,
	                     exchange->budget->cancel_fd, &found);
	if (error)
		return fail(ret_why, error == NAME_INTERRUPTED ? FAILURE_INTERRUPTED : FAILURE_NAME,
		            arena_printf(exchange->arena, "the name '%s' was not resolved: %s",
		                         place->host, name_error_text(error)));
	list = str_new(exchange->arena);
	str_addf(&list, "%s:%lld:", place->host, place->port);
	for (size_t i = 0; i < found.count; i++)
		str_addf(&list, strchr(found.numeric[i], ':') ? "%s[%s]" : "%s%s", i ? "," : "",
		         found.numeric[i]);
	return add(&exchange->addresses, list.text) ||
	       fail(ret_why, FAILURE_OTHER, "libcurl does not take the address");
}

static bool is_cancelled(const struct budget *budget)
{
	struct pollfd user = { .fd = budget->cancel_fd, .events = POLLIN };

	return poll(&user, 1, 0) > 0;
}

/* Waits for the peer or the user, until the request is done. CURLE_ABORTED_BY_CALLBACK stands for
 * the user's doing. */
static CURLcode run(struct exchange *exchange)
{
	const struct budget *budget = exchange->budget;
	struct curl_waitfd user = { .fd = budget->cancel_fd, .events = CURL_WAIT_POLLIN };
	unsigned users = budget->cancel_fd >= 0;

	for (;;) {
		int running = 0, left = 0;
		CURLMsg *message;
		int64_t ms;

		if (is_cancelled(budget))
			return CURLE_ABORTED_BY_CALLBACK;
		if (library.curl_multi_perform(exchange->multi, &running))
			return CURLE_FAILED_INIT;
		message = library.curl_multi_info_read(exchange->multi, &left);
		if (message && message->msg == CURLMSG_DONE)
			return message->data.result;
		ms = budget->deadline_ms - clock_monotonic_ms();
		if (ms <= 0)
			return CURLE_OPERATION_TIMEDOUT;
		if (library.curl_multi_poll(exchange->multi, users ? &user : NULL, users,
		                            ms > 60000 ? 60000 : (int)ms, NULL))
			return CURLE_FAILED_INIT;
	}
}

/* --- what a failure means --------------------------------------------------------------------- */

static const struct grade {
	CURLcode code;
	enum failure failure;
	const char *only_with; /* only where libcurl's words hold this; such lines stand first */
} grades[] = {
	{ CURLE_ABORTED_BY_CALLBACK, FAILURE_INTERRUPTED, NULL },
	{ CURLE_OPERATION_TIMEDOUT, FAILURE_TIMEOUT, NULL },
	{ CURLE_COULDNT_RESOLVE_HOST, FAILURE_NAME, NULL },
	{ CURLE_SSL_CONNECT_ERROR, FAILURE_TLS, NULL },
	{ CURLE_PEER_FAILED_VERIFICATION, FAILURE_TLS, NULL },
	{ CURLE_SSL_CACERT_BADFILE, FAILURE_TLS, NULL },
	{ CURLE_SSL_CERTPROBLEM, FAILURE_TLS, NULL },
	{ CURLE_SSL_CIPHER, FAILURE_TLS, NULL },
	{ CURLE_SSL_ISSUER_ERROR, FAILURE_TLS, NULL },
	{ CURLE_GOT_NOTHING, FAILURE_LOST, NULL },
	{ CURLE_PARTIAL_FILE, FAILURE_LOST, NULL },
	{ CURLE_SEND_ERROR, FAILURE_LOST, NULL },
	{ CURLE_RECV_ERROR, FAILURE_PROTOCOL, "chunk" },
	{ CURLE_RECV_ERROR, FAILURE_TOO_LARGE, "Too large response headers" },
	{ CURLE_RECV_ERROR, FAILURE_LOST, NULL },
	/* What libcurl says of one line of the head that is longer than 100 KiB. */
	{ CURLE_OUT_OF_MEMORY, FAILURE_TOO_LARGE, NULL },
	{ CURLE_UNSUPPORTED_PROTOCOL, FAILURE_PROTOCOL, NULL },
	{ CURLE_WEIRD_SERVER_REPLY, FAILURE_PROTOCOL, NULL },
	{ CURLE_BAD_CONTENT_ENCODING, FAILURE_PROTOCOL, NULL },
	{ CURLE_HTTP2, FAILURE_PROTOCOL, NULL },
	{ CURLE_WRITE_ERROR, FAILURE_PROTOCOL, NULL },
};

static enum failure grade(const struct exchange *exchange, CURLcode code, int error)
{
	if (exchange->is_too_large)
		return FAILURE_TOO_LARGE;
	if (code == CURLE_COULDNT_CONNECT)
		return error ? failure_of_socket(error) : FAILURE_UNREACHABLE;
	for (size_t i = 0; i < sizeof(grades) / sizeof(grades[0]); i++)
		if (grades[i].code == code &&
		    (!grades[i].only_with || strstr(exchange->said, grades[i].only_with)))
			return grades[i].failure;
	return FAILURE_OTHER;
}

/* Whether that point of the request was passed. */
static bool has_passed(const struct exchange *exchange, CURLINFO time)
{
	curl_off_t microseconds = 0;

	library.curl_easy_getinfo(exchange->easy, time, &microseconds);
	return microseconds > 0;
}

static const char *timeout_words(const struct exchange *exchange)
{
	if (exchange->head_ends)
		return "the answer did not end within the time given";
	if (exchange->head)
		return "the head of the answer did not end within the time given";
	if (has_passed(exchange, CURLINFO_PRETRANSFER_TIME_T))
		return "no answer within the time given";
	if (str_starts(exchange->place.base, "https://"))
		return "no connection, or no agreement about TLS, within the time given";
	return "no connection within the time given";
}

static const char *too_large_words(const struct exchange *exchange)
{
	if (exchange->is_too_large && exchange->head <= HEAD_CAP)
		return arena_printf(exchange->arena, "the answer has more than %zu bytes",
		                    exchange->cap);
	return arena_printf(exchange->arena,
	                    "the head of the answer has more than %zu bytes, or one "
	                    "line of it more than the library takes",
	                    HEAD_CAP);
}

static const char *words(const struct exchange *exchange, CURLcode code, enum failure failure,
                         int error)
{
	const char *said = *exchange->said ? exchange->said : library.curl_easy_strerror(code);

	said = quote_bytes(exchange->arena, said, strlen(said), 300);
	switch (failure) {
	case FAILURE_TOO_LARGE:
		return too_large_words(exchange);
	case FAILURE_TIMEOUT:
		return timeout_words(exchange);
	case FAILURE_INTERRUPTED:
		return "interrupted";
	case FAILURE_REFUSED:
	case FAILURE_UNREACHABLE:
		return error ? strerrordesc_np(error) : said;
	case FAILURE_LOST:
		return exchange->head ? "the connection broke before the answer had ended"
		                      : "the connection was closed without an answer";
	case FAILURE_PROTOCOL:
		if (code == CURLE_UNSUPPORTED_PROTOCOL && !exchange->head)
			return "what answers there does not speak HTTP";
		return arena_printf(exchange->arena, "the answer is no proper HTTP: %s", said);
	default:
		return said;
	}
}

/* --- the call --------------------------------------------------------------------------------- */

/* A peer that closes in the middle of the head, or after `100 Continue`, has not answered. */
static bool is_whole(const struct exchange *exchange, long status)
{
	return exchange->head_ends && status >= 200;
}

static bool judge(struct exchange *exchange, CURLcode code, struct http_reply *ret,
                  struct group_status *ret_why)
{
	enum failure failure;
	long status = 0, error = 0;

	ret->sent = has_passed(exchange, CURLINFO_PRETRANSFER_TIME_T);
	library.curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
	library.curl_easy_getinfo(exchange->easy, CURLINFO_OS_ERRNO, &error);
	if (!code && !is_whole(exchange, status))
		code = CURLE_PARTIAL_FILE;
	if (code) {
		failure = grade(exchange, code, (int)error);
		return fail(ret_why, failure, words(exchange, code, failure, (int)error));
	}
	ret->status = status;
	ret->length = exchange->length;
	ret->body = exchange->body ? exchange->body : "";
	ret_why->state = GROUP_GATHERED;
	return true;
}

static bool ask(struct exchange *exchange, const struct http_service *service,
                const struct http_request *request, struct http_reply *ret,
                struct group_status *ret_why)
{
	bool is_answered;

	if (!look_up(exchange, ret_why))
		return false;
	exchange->easy = library.curl_easy_init();
	exchange->multi = library.curl_multi_init();
	if (!exchange->easy || !exchange->multi || !set_place(exchange, request->target) ||
	    !set_user(exchange, service) || !set_limits(exchange) ||
	    !set_request(exchange, request) ||
	    library.curl_multi_add_handle(exchange->multi, exchange->easy))
		return fail(ret_why, FAILURE_LIBRARY,
		            LIBRARY_FILE " does not take an option; it is older than 7.85");
	is_answered = judge(exchange, run(exchange), ret, ret_why);
	library.curl_multi_remove_handle(exchange->multi, exchange->easy);
	return is_answered;
}

static void end(struct exchange *exchange)
{
	if (exchange->easy)
		library.curl_easy_cleanup(exchange->easy);
	if (exchange->multi)
		library.curl_multi_cleanup(exchange->multi);
	library.curl_slist_free_all(exchange->headers);
	library.curl_slist_free_all(exchange->addresses);
}

bool http_ask(struct arena *arena, const struct http_service *service,
              const struct http_request *request, const struct budget *budget,
              struct http_reply *ret, struct group_status *ret_why)
{
	struct exchange exchange = { .arena = arena, .budget = budget };
	const char *why = refusal(arena, service, request, &exchange.place);
	bool is_answered;

	exchange.cap = budget->byte_cap < BODY_CAP ? budget->byte_cap : BODY_CAP;
	*ret = (struct http_reply){ 0 };
	*ret_why = (struct group_status){ 0 };
	ret_why->statement = statement(arena, &exchange.place, request);
	if (why)
		return fail(ret_why, FAILURE_OTHER, why);
	pthread_once(&library_once, load_once);
	if (*library_error)
		return fail(ret_why, FAILURE_LIBRARY, library_error);
	if (clock_monotonic_ms() >= budget->deadline_ms)
		return fail(ret_why, FAILURE_TIMEOUT, "the time was over before it was asked");
	is_answered = ask(&exchange, service, request, ret, ret_why);
	end(&exchange);
	return is_answered;
}
