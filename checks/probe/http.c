#include "checks/probe/http.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The macros of <curl/typecheck-gcc.h> call the functions by name, which are members here. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/session_failure.h"

/* --- the library ------------------------------------------------------------------------------ */

#define LIBRARY_FILE "libcurl.so.4"
#define LIBRARY_PACKAGE "libcurl4"

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

/* The headers end in macros that would expand the members' names. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

struct library {
#define MEMBER(function) __typeof__(&function) function;
	FUNCTIONS(MEMBER)
#undef MEMBER
};

static const struct {
	const char *name;
	size_t offset;
} functions[] = {
#define ENTRY(function) { #function, offsetof(struct library, function) },
	FUNCTIONS(ENTRY)
#undef ENTRY
};

/* What dlopen found, once for all threads; never closed, because OpenSSL has registered functions
 * that run at exit. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static struct library curl;
static char library_error[512]; /* empty: it is there */

static void load(void)
{
	void *handle = dlopen(LIBRARY_FILE, RTLD_NOW | RTLD_LOCAL);

	if (!handle) {
		snprintf(library_error, sizeof(library_error),
		         "%s; install the package " LIBRARY_PACKAGE, dlerror());
		return;
	}
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		void *symbol = dlsym(handle, functions[i].name);

		if (!symbol) {
			snprintf(library_error, sizeof(library_error),
			         LIBRARY_FILE " lacks %s; install the package " LIBRARY_PACKAGE,
			         functions[i].name);
			dlclose(handle);
			return;
		}
		memcpy((char *)&curl + functions[i].offset, &symbol, sizeof(symbol));
	}
	if (curl.curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		snprintf(library_error, sizeof(library_error), LIBRARY_FILE " does not start");
}

/* --- one request ------------------------------------------------------------------------------- */

/* An answer of a service that is asked about its health is some kilobytes. */
#define BODY_CAP ((size_t)8 * 1024 * 1024)
#define HEADER_CAP ((size_t)256 * 1024)

/* What is known of a request while it runs. */
struct exchange {
	struct arena *arena;
	const struct budget *budget;
	size_t cap, headers;
	bool too_large;
	char *body;
	size_t length, room;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *exchange = data;
	size_t length = size * count;

	if (length > exchange->cap - exchange->length) {
		exchange->too_large = true;
		return CURL_WRITEFUNC_ERROR;
	}
	if (exchange->length + length + 1 > exchange->room) {
		size_t room = (exchange->length + length + 1) * 2;
		char *larger = arena_alloc(exchange->arena, room);

		if (exchange->length)
			memcpy(larger, exchange->body, exchange->length);
		exchange->body = larger;
		exchange->room = room;
	}
	memcpy(exchange->body + exchange->length, bytes, length);
	exchange->length += length;
	return length;
}

/* A peer that never ends its head is cut like one that never ends its body. */
static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
	struct exchange *exchange = data;

	(void)bytes;
	exchange->headers += size * count;
	if (exchange->headers <= HEADER_CAP)
		return size * count;
	exchange->too_large = true;
	return 0;
}

static const char *unix_path(const struct http_service *service)
{
	return str_starts(service->url, "unix://") ? service->url + strlen("unix://") : NULL;
}

static const char *statement(struct arena *arena, const struct http_service *service,
                             const struct http_request *request)
{
	size_t length = strlen(service->url);

	/* "http://host:8088/" and "http://host:8088" are one. */
	while (!unix_path(service) && length && service->url[length - 1] == '/')
		length--;
	return arena_printf(arena, "%s %.*s%s%s", request->method, (int)length, service->url,
	                    unix_path(service) ? " " : "", request->target);
}

#define SET(option, value)                                                              \
	do {                                                                            \
		if (curl.curl_easy_setopt(easy, CURLOPT_##option, (value)) != CURLE_OK) \
			return false;                                                   \
	} while (0)

/* Who is asked, as whom, and what else is let near the line: nothing. */
static bool set_service(CURL *easy, struct arena *arena, const struct http_service *service,
                        const struct http_request *request)
{
	const char *path = unix_path(service);
	size_t length = strcspn(path ? "" : service->url + strcspn(service->url, ":") + 3, "/");
	const char *base = path ? "http://localhost"
	                        : arena_strndup(arena, service->url,
	                                        (size_t)(strcspn(service->url, ":") + 3 + length));

	SET(URL, base);
	SET(REQUEST_TARGET, request->target);
	SET(PROTOCOLS_STR, "http,https");
	SET(FOLLOWLOCATION, 0L);
	/* Neither variables of the environment nor ~/.netrc say where to, or as whom. */
	SET(PROXY, "");
	SET(NETRC, (long)CURL_NETRC_IGNORED);
	if (path)
		SET(UNIX_SOCKET_PATH, path);
	if (service->user) {
		SET(HTTPAUTH, CURLAUTH_BASIC);
		SET(USERNAME, service->user);
		SET(PASSWORD, service->password ? service->password : "");
	}
	if (service->ca)
		SET(CAINFO, service->ca);
	return true;
}

static bool set_limits(CURL *easy, struct exchange *exchange)
{
	int64_t left = exchange->budget->deadline_ms - clock_monotonic_ms();

	SET(NOSIGNAL, 1L);
	SET(TIMEOUT_MS, (long)(left > 1 ? left : 1));
	SET(CONNECTTIMEOUT_MS, (long)(left > 1 ? left : 1));
	SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(HTTP09_ALLOWED, 0L);
	/* One request, one connection: on one that was used before, a request that dies unanswered
	 * would be sent again. */
	SET(FRESH_CONNECT, 1L);
	SET(FORBID_REUSE, 1L);
	SET(WRITEFUNCTION, take_body);
	SET(WRITEDATA, exchange);
	SET(HEADERFUNCTION, take_header);
	SET(HEADERDATA, exchange);
	return true;
}

static bool add_header(struct curl_slist **list, const char *header)
{
	struct curl_slist *longer = curl.curl_slist_append(*list, header);

	if (longer)
		*list = longer;
	return longer;
}

static bool set_request(CURL *easy, struct arena *arena, const struct http_request *request,
                        struct curl_slist **headers)
{
	bool has_body = request->body || str_equal(request->method, "POST");

	SET(USERAGENT, "migdoctor/" MIGDOCTOR_VERSION);
	/* `Expect: 100-continue` would make a server that does not know it wait a second. */
	if (!add_header(headers, "Expect:") ||
	    !add_header(headers, request->content_type ? arena_printf(arena, "Content-Type: %s",
	                                                              request->content_type)
	                                               : "Content-Type:"))
		return false;
	SET(HTTPHEADER, *headers);
	if (has_body) {
		SET(POST, 1L);
		SET(POSTFIELDSIZE, (long)(request->body ? strlen(request->body) : 0));
		SET(POSTFIELDS, request->body ? request->body : "");
	}
	SET(CUSTOMREQUEST, request->method);
	return true;
}

/* Waits for the socket or the user, until the request is done. CURLE_ABORTED_BY_CALLBACK is the
 * user's doing. */
static CURLcode drive(CURLM *multi, const struct budget *budget)
{
	struct curl_waitfd cancel = { .fd = budget->cancel_fd, .events = CURL_WAIT_POLLIN };
	int running = 1;

	for (;;) {
		struct pollfd user = { .fd = budget->cancel_fd, .events = POLLIN };
		CURLMsg *message;
		int left;

		if (curl.curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		while ((message = curl.curl_multi_info_read(multi, &left)))
			if (message->msg == CURLMSG_DONE)
				return message->data.result;
		if (!running)
			return CURLE_FAILED_INIT;
		if (budget->cancel_fd >= 0 && poll(&user, 1, 0) > 0)
			return CURLE_ABORTED_BY_CALLBACK;
		if (clock_monotonic_ms() >= budget->deadline_ms)
			return CURLE_OPERATION_TIMEDOUT;
		if (curl.curl_multi_poll(multi, budget->cancel_fd >= 0 ? &cancel : NULL,
		                         budget->cancel_fd >= 0, 200, NULL) != CURLM_OK)
			return CURLE_FAILED_INIT;
	}
}

/* --- what a failure means ------------------------------------------------------------------------ */

static const struct {
	CURLcode code;
	enum failure failure;
} grades[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, FAILURE_NAME },
	{ CURLE_OPERATION_TIMEDOUT, FAILURE_TIMEOUT },
	{ CURLE_ABORTED_BY_CALLBACK, FAILURE_INTERRUPTED },
	{ CURLE_SSL_CONNECT_ERROR, FAILURE_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, FAILURE_TLS },
	{ CURLE_SSL_CACERT_BADFILE, FAILURE_TLS },
	{ CURLE_SSL_CERTPROBLEM, FAILURE_TLS },
	{ CURLE_SSL_CIPHER, FAILURE_TLS },
	{ CURLE_GOT_NOTHING, FAILURE_LOST },
	{ CURLE_PARTIAL_FILE, FAILURE_LOST },
	{ CURLE_SEND_ERROR, FAILURE_LOST },
	{ CURLE_RECV_ERROR, FAILURE_LOST },
	{ CURLE_UNSUPPORTED_PROTOCOL, FAILURE_PROTOCOL },
	{ CURLE_WEIRD_SERVER_REPLY, FAILURE_PROTOCOL },
	{ CURLE_BAD_CONTENT_ENCODING, FAILURE_PROTOCOL },
	{ CURLE_HTTP2, FAILURE_PROTOCOL },
};

static enum failure grade(CURL *easy, CURLcode code, const struct exchange *exchange)
{
	long error = 0;

	if (exchange->too_large)
		return FAILURE_TOO_LARGE;
	curl.curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
	if (code == CURLE_COULDNT_CONNECT)
		return error ? failure_of_socket((int)error) : FAILURE_UNREACHABLE;
	for (size_t i = 0; i < sizeof(grades) / sizeof(grades[0]); i++)
		if (grades[i].code == code)
			return grades[i].failure;
	return FAILURE_OTHER;
}

static const char *words_of(struct arena *arena, CURL *easy, CURLcode code, enum failure failure,
                            const struct exchange *exchange, const char *said)
{
	long error = 0;

	curl.curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
	switch (failure) {
	case FAILURE_TOO_LARGE:
		return exchange->headers > HEADER_CAP
		               ? "the head of the answer does not end; it was cut after 256 KiB"
		               : arena_printf(arena, "the answer is larger than %zu bytes",
		                              exchange->cap);
	case FAILURE_TIMEOUT:
		return "no whole answer within the time given";
	case FAILURE_INTERRUPTED:
		return "interrupted";
	case FAILURE_REFUSED:
	case FAILURE_UNREACHABLE:
		return error ? arena_strdup(arena, strerror((int)error)) : "cannot be connected to";
	default:
		return *said ? arena_strdup(arena, said) : curl.curl_easy_strerror(code);
	}
}

/* --- the call --------------------------------------------------------------------------------------- */

static bool fail(struct group_status *why, enum failure failure, const char *text)
{
	why->state = GROUP_FAILED;
	why->failure = failure;
	why->text = text;
	return false;
}

static bool run(CURL *easy, CURLM *multi, struct exchange *exchange, struct http_reply *ret,
                struct group_status *ret_why, const char *said)
{
	CURLcode code;
	long size = 0;

	if (curl.curl_multi_add_handle(multi, easy) != CURLM_OK)
		return fail(ret_why, FAILURE_OTHER, "libcurl does not take the request");
	code = drive(multi, exchange->budget);
	curl.curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &ret->status);
	curl.curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &size);
	ret->sent = size > 0;
	if (code != CURLE_OK) {
		enum failure failure = grade(easy, code, exchange);

		fail(ret_why, failure,
		     words_of(exchange->arena, easy, code, failure, exchange, said));
	}
	curl.curl_multi_remove_handle(multi, easy);
	if (code != CURLE_OK)
		return false;
	ret->length = exchange->length;
	ret->body = "";
	if (exchange->length) {
		exchange->body[exchange->length] = '\0';
		ret->body = exchange->body;
	}
	ret_why->state = GROUP_GATHERED;
	return true;
}

bool http_ask(struct arena *arena, const struct http_service *service,
              const struct http_request *request, const struct budget *budget,
              struct http_reply *ret, struct group_status *ret_why)
{
	struct exchange exchange = {
		.arena = arena,
		.budget = budget,
		.cap = budget->byte_cap < BODY_CAP ? budget->byte_cap : BODY_CAP,
	};
	char said[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = NULL;
	bool answered = false;
	CURL *easy;
	CURLM *multi;

	*ret = (struct http_reply){ 0 };
	*ret_why = (struct group_status){ .statement = statement(arena, service, request) };
	pthread_once(&library_once, load);
	if (*library_error)
		return fail(ret_why, FAILURE_LIBRARY, library_error);
	if (clock_monotonic_ms() >= budget->deadline_ms)
		return fail(ret_why, FAILURE_TIMEOUT, "the time was over before it was asked");
	easy = curl.curl_easy_init();
	multi = curl.curl_multi_init();
	if (easy && multi && curl.curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, said) == CURLE_OK &&
	    set_service(easy, arena, service, request) && set_limits(easy, &exchange) &&
	    set_request(easy, arena, request, &headers))
		answered = run(easy, multi, &exchange, ret, ret_why, said);
	else
		fail(ret_why, FAILURE_OTHER, "libcurl does not take the request");
	curl.curl_multi_cleanup(multi);
	curl.curl_easy_cleanup(easy);
	curl.curl_slist_free_all(headers);
	return answered;
}
