#include "checks/probe/session_client.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <errmsg.h>
#include <mysql.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "checks/probe/library.h"
#include "checks/probe/session_failure.h"
#include "checks/probe/session_name.h"

/* --- the library ------------------------------------------------------------------------------ */

#define LIBRARY_FILE "libmariadb.so.3"
#define LIBRARY_PACKAGE "libmariadb3"

#define FUNCTIONS(X)               \
	X(mysql_server_init)       \
	X(mysql_thread_init)       \
	X(mysql_thread_end)        \
	X(mysql_init)              \
	X(mysql_options)           \
	X(mysql_options4)          \
	X(mysql_real_connect)      \
	X(mysql_close)             \
	X(mysql_send_query)        \
	X(mysql_read_query_result) \
	X(mysql_use_result)        \
	X(mysql_more_results)      \
	X(mysql_fetch_row)         \
	X(mysql_fetch_lengths)     \
	X(mysql_fetch_fields)      \
	X(mysql_num_fields)        \
	X(mysql_field_count)       \
	X(mysql_free_result)       \
	X(mysql_errno)             \
	X(mysql_error)             \
	X(mysql_sqlstate)          \
	X(mysql_get_socket)        \
	X(mysql_get_ssl_cipher)    \
	X(mysql_get_server_info)   \
	X(mysql_thread_id)

typedef void io_callback(int mode, MYSQL *mysql, const unsigned char *buffer, size_t length);
typedef int register_io_callback(my_bool add, io_callback *callback);

struct library {
	FUNCTIONS(LIBRARY_MEMBER)
	/* Exported, but declared in no header; another build may lack it. */
	register_io_callback *ma_pvio_register_callback;
};

static const struct library_function functions[] = {
#define ENTRY(function) LIBRARY_ENTRY(struct library, function)
	FUNCTIONS(ENTRY)
#undef ENTRY
};

/* The only static things that change, and only once: what dlopen found. The library itself can be
 * opened once only, for all threads, because its own start-up and its list of callbacks are
 * global. It is never closed: OpenSSL has registered functions that run at exit. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static struct library library;
static struct client_error library_error;

static void set_error(struct client_error *why, enum failure failure, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void set_error(struct client_error *why, enum failure failure, const char *format, ...)
{
	va_list args;

	*why = (struct client_error){ .failure = failure };
	va_start(args, format);
	vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
}

static void *open_library(const char *file, struct library *ret, struct client_error *why)
{
	const struct library_need need = { .file = file,
		                           .package = LIBRARY_PACKAGE,
		                           .functions = functions,
		                           .count = sizeof(functions) / sizeof(functions[0]) };
	void *handle, *symbol;

	*why = (struct client_error){ .failure = FAILURE_LIBRARY };
	handle = library_open(&need, ret, why->text, sizeof(why->text));
	if (!handle)
		return NULL;
	why->failure = FAILURE_NONE;
	symbol = dlsym(handle, "ma_pvio_register_callback");
	memcpy(&ret->ma_pvio_register_callback, &symbol, sizeof(symbol));
	return handle;
}

bool client_library_is_usable(const char *file, struct client_error *ret_why)
{
	struct library found;
	void *handle = open_library(file, &found, ret_why);

	if (!handle)
		return false;
	dlclose(handle);
	return true;
}

static void saw_io(int mode, MYSQL *mysql, const unsigned char *buffer, size_t length)
{
	wait_saw(library.mysql_get_socket(mysql), mode == 1, buffer, (ssize_t)length);
}

static void load_once(void)
{
	if (!open_library(LIBRARY_FILE, &library, &library_error))
		return;
	if (library.mysql_server_init(0, NULL, NULL)) {
		set_error(&library_error, FAILURE_LIBRARY, LIBRARY_FILE " cannot be initialised");
		return;
	}
	if (library.ma_pvio_register_callback)
		library.ma_pvio_register_callback(1, saw_io);
}

bool client_load(struct client_error *ret_why)
{
	pthread_once(&library_once, load_once);
	if (library_error.failure)
		*ret_why = library_error;
	return !library_error.failure;
}

void client_thread_begin(void)
{
	struct client_error ignored;

	if (client_load(&ignored))
		library.mysql_thread_init();
}

void client_thread_end(void)
{
	struct client_error ignored;

	if (client_load(&ignored))
		library.mysql_thread_end();
}

/* --- errors ----------------------------------------------------------------------------------- */

/* Puts stars over the password, should a server have sent it back. A password that is part of the
 * user's own name is let be: stars in a well-known sentence would tell it. */
static void hide_password(const struct login *login, char *text)
{
	size_t length = login->password ? strlen(login->password) : 0;

	if (length < 4 || (login->user && strstr(login->user, login->password)))
		return;
	for (char *at = strstr(text, login->password); at; at = strstr(at, login->password))
		memset(at, '*', length);
}

/* "system error: 110" at the end of the library's words is an errno that is stale as often as not. */
static void drop_noise(char *text)
{
	char *noise = strstr(text, ", system error: ");

	if (noise)
		*noise = '\0';
}

static const char *stage_words(enum wait_stage stage)
{
	static const char *const words[] = {
		[STAGE_CONNECT] = "no connection within the time given",
		[STAGE_GREETING] = "connected, but no greeting came within the time given",
		[STAGE_SIGN_IN] = "signing in did not end within the time given",
		[STAGE_STATEMENTS] = "no answer within the time given",
	};

	return words[stage];
}

/* What our own wait has to say: it knows better than the library, which saw a closed socket. */
static bool explain_wait(const struct wait *wait, struct client_error *why)
{
	switch (wait->end) {
	case WAIT_GOES_ON:
		return false;
	case WAIT_DEADLINE:
	case WAIT_LIMIT:
	case WAIT_SILENT:
		set_error(why, FAILURE_TIMEOUT, "%s", stage_words(wait->stage));
		break;
	case WAIT_INTERRUPTED:
		set_error(why, FAILURE_INTERRUPTED, "interrupted");
		break;
	case WAIT_TOO_LARGE:
		set_error(why, FAILURE_TOO_LARGE, "the server sent more than %zu bytes",
		          wait->byte_cap);
		break;
	case WAIT_STRANGE:
		set_error(why, FAILURE_PROTOCOL,
		          "what answers there is no MySQL server: its first "
		          "bytes are no greeting of the protocol");
		break;
	case WAIT_PLAIN:
		set_error(why, FAILURE_TLS, "TLS is required, but the server does not offer it");
		break;
	}
	return true;
}

/* The library calls a connection lost, too, when a packet is out of order. */
static bool is_closed(const struct wait *wait)
{
	return wait->has_closed || !library.ma_pvio_register_callback;
}

/* A server that refuses in place of its greeting ("Too many connections"). The library reports its
 * own number for that and puts the server's into a sentence. */
static bool explain_refusal(const struct wait *wait, struct client_error *why)
{
	size_t length = wait_greeting_length(wait);
	const unsigned char *packet = wait->greeting + 4, *text = packet + 3;

	if (length < 7 || wait->greeting_length < length || packet[0] != 255)
		return false;
	length -= 7;
	set_error(why, FAILURE_OTHER, "%s", "");
	why->error = packet[1] | (unsigned)packet[2] << 8;
	if (length >= 6 && text[0] == '#') {
		memcpy(why->sqlstate, text + 1, 5);
		text += 6;
		length -= 6;
	}
	memcpy(why->text, text, length);
	why->failure = failure_of_error(why->error, why->text);
	return true;
}

/* Where connect() failed without any wait, its errno stands in brackets behind the text alone. */
static int socket_error(const struct wait *wait, const char *text)
{
	const char *bracket = strrchr(text, '(');

	if (wait->socket_error || !bracket)
		return wait->socket_error;
	return (int)strtol(bracket + 1, NULL, 10);
}

static void explain_library(const struct wait *wait, struct client_error *why)
{
	if (wait->stage == STAGE_CONNECT && why->failure == FAILURE_UNREACHABLE)
		why->failure = failure_of_socket(socket_error(wait, why->text));
	else if (why->error == CR_UNKNOWN_ERROR ||
	         (why->failure == FAILURE_LOST && error_ends_connection(why->error) &&
	          !is_closed(wait))) {
		why->failure = FAILURE_PROTOCOL;
		snprintf(why->text, sizeof(why->text),
		         "the server's answer is no packet of the protocol");
	} else if (why->error == CR_PLUGIN_NOT_ALLOWED) {
		/* The library's text names a method that it has freed already. */
		snprintf(
			why->text, sizeof(why->text),
			"the server asks for a sign-in method that is refused here: one that hands "
			"over the password itself (mysql_clear_password needs tls=verify-ca or "
			"verify-identity), or one that is not known to be safe");
	}
}

static void explain(const struct client *client, struct client_error *why)
{
	const struct wait *wait = &client->wait;

	if (!explain_wait(wait, why) && !explain_refusal(wait, why)) {
		set_error(why, FAILURE_OTHER, "%s", library.mysql_error(client->mysql));
		why->error = library.mysql_errno(client->mysql);
		snprintf(why->sqlstate, sizeof(why->sqlstate), "%s",
		         library.mysql_sqlstate(client->mysql));
		why->failure = failure_of_error(why->error, why->text);
		explain_library(wait, why);
	}
	if (error_ends_connection(why->error))
		drop_noise(why->text);
	hide_password(client->login, why->text);
}

bool client_is_lost(const struct client *client, const struct client_error *why)
{
	return client->wait.end != WAIT_GOES_ON || error_ends_connection(why->error);
}

/* --- signing in ------------------------------------------------------------------------------- */

static bool is_verified(enum tls_mode mode)
{
	return mode == TLS_VERIFY_CA || mode == TLS_VERIFY_IDENTITY;
}

static bool is_required(enum tls_mode mode)
{
	return mode == TLS_REQUIRED || is_verified(mode);
}

/* The library would say no more than "No such file or directory". */
static bool file_is_readable(const struct login *login, const char *file, struct client_error *why)
{
	if (!file || login->tls == TLS_OFF || !access(file, R_OK))
		return true;
	set_error(why, FAILURE_TLS, "%s cannot be read: %s", file, strerrordesc_np(errno));
	return false;
}

/* What the library would take for something else than a name, or overrun its buffer with. */
static bool login_is_sound(const struct login *login, struct client_error *why)
{
	struct sockaddr_un address;

	if (login->socket && strlen(login->socket) >= sizeof(address.sun_path)) {
		set_error(why, FAILURE_UNREACHABLE,
		          "the socket's path is longer than the %zu bytes that the system allows",
		          sizeof(address.sun_path) - 1);
		return false;
	}
	if (!login->socket && (!login->host || !*login->host || strpbrk(login->host, ";,/=()"))) {
		set_error(why, FAILURE_NAME, "this is no name of a host");
		return false;
	}
	if (is_verified(login->tls) && !login->ca) {
		set_error(why, FAILURE_TLS,
		          "to verify the server's certificate, name the file of the certificates "
		          "that may have signed it (ca)");
		return false;
	}
	if (!file_is_readable(login, login->ca, why) ||
	    !file_is_readable(login, login->cert, why) || !file_is_readable(login, login->key, why))
		return false;
	if (is_verified(login->tls) && !library.ma_pvio_register_callback) {
		set_error(why, FAILURE_LIBRARY,
		          "this build of " LIBRARY_FILE " cannot be kept from signing in where TLS "
		          "is not offered; install the package " LIBRARY_PACKAGE);
		return false;
	}
	return true;
}

static void set_tls(MYSQL *mysql, const struct login *login)
{
	/* Over a unix socket TLS protects from nobody; it is used only where it is asked for. */
	my_bool use = login->tls != TLS_OFF && (login->tls != TLS_PREFERRED || !login->socket);
	my_bool check_name = login->tls == TLS_VERIFY_IDENTITY;

	/* ENFORCE means no more than "if the server offers it". With a CA the library verifies the
	 * chain; with VERIFY_SERVER_CERT it compares the name as well. */
	library.mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &use);
	library.mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &check_name);
	if (is_verified(login->tls))
		library.mysql_options(mysql, MYSQL_OPT_SSL_CA, login->ca);
	if (use && login->cert)
		library.mysql_options(mysql, MYSQL_OPT_SSL_CERT, login->cert);
	if (use && login->key)
		library.mysql_options(mysql, MYSQL_OPT_SSL_KEY, login->key);
}

static void set_options(const struct client *client)
{
	static const char safe_methods[] = "mysql_native_password,caching_sha2_password,"
					   "sha256_password,client_ed25519,parsec";
	/* The password itself goes to whoever asks for this one. `dialog` is in neither list: it
	 * asks on the terminal. */
	static const char verified_methods[] = "mysql_native_password,caching_sha2_password,"
					       "sha256_password,client_ed25519,parsec,"
					       "mysql_clear_password";
	const struct login *login = client->login;
	MYSQL *mysql = client->mysql;
	int64_t left_ms = client->wait.deadline_ms - clock_monotonic_ms();
	unsigned seconds = left_ms > 1000 ? (unsigned)((left_ms + 999) / 1000) : 1;
	unsigned protocol = login->socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	unsigned long largest_packet = client->wait.byte_cap;
	unsigned no_files = 0;

	/* Bounds getaddrinfo's tries; every other wait is ours. */
	library.mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	library.mysql_options(mysql, MARIADB_OPT_IO_WAIT, (const void *)(uintptr_t)wait_for_socket);
	library.mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
	library.mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no_files);
	library.mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &largest_packet);
	library.mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	library.mysql_options(mysql, MARIADB_OPT_RESTRICTED_AUTH,
	                      is_verified(login->tls) ? verified_methods : safe_methods);
	library.mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "migdoctor");
	set_tls(mysql, login);
}

/* The name itself is what a certificate is compared with. */
static bool is_by_name(const struct login *login)
{
	return login->tls == TLS_VERIFY_IDENTITY && !login->socket;
}

/* The addresses to try. For a second connection the first one's: a name may have many, and
 * statements are ended on one server only. Looking the name up is ours because the library would
 * wait for a resolver past any deadline. */
static bool find_addresses(const struct client *client, const struct client *same_as,
                           struct name_addresses *ret, struct client_error *why)
{
	const struct login *login = client->login;
	int error;

	*ret = (struct name_addresses){ .count = 1 };
	if (login->socket)
		return true;
	if (same_as && !is_by_name(login) &&
	    !getnameinfo((const struct sockaddr *)&same_as->peer, same_as->peer_length,
	                 ret->numeric[0], sizeof(ret->numeric[0]), NULL, 0, NI_NUMERICHOST))
		return true;
	error = name_look_up(login->host, client->wait.deadline_ms, client->wait.cancel_fd, ret);
	if (!error)
		return true;
	set_error(why, error == NAME_INTERRUPTED ? FAILURE_INTERRUPTED : FAILURE_NAME,
	          "the name '%.255s' was not resolved: %s", login->host, name_error_text(error));
	why->error = error == NAME_INTERRUPTED ? 0 : CR_UNKNOWN_HOST;
	return false;
}

static bool reaches_same_server(const struct client *client, const struct client *same_as)
{
	return !same_as || client->login->socket ||
	       (client->peer_length == same_as->peer_length &&
	        !memcmp(&client->peer, &same_as->peer, client->peer_length));
}

static bool judge_connection(struct client *client, const struct client *same_as,
                             struct client_error *why)
{
	client->wait.stage = STAGE_STATEMENTS;
	client->thread = library.mysql_thread_id(client->mysql);
	client->peer_length = sizeof(client->peer);
	if (getpeername(library.mysql_get_socket(client->mysql), (struct sockaddr *)&client->peer,
	                &client->peer_length))
		client->peer_length = 0;
	if (is_required(client->login->tls) && !client_cipher(client)) {
		set_error(why, FAILURE_TLS, "TLS is required, but the line is plain");
		return false;
	}
	if (!reaches_same_server(client, same_as)) {
		set_error(why, FAILURE_OTHER, "another server answers there now");
		return false;
	}
	return true;
}

/* One try at one address; NULL is the socket of the login. */
static bool connect_to(struct client *client, const char *host, const struct client *same_as,
                       struct client_error *why)
{
	const struct login *login = client->login;
	struct wait *before = wait_use(&client->wait);
	bool is_open = false;

	client->mysql = library.mysql_init(NULL);
	if (client->mysql) {
		set_options(client);
		is_open = library.mysql_real_connect(client->mysql, host, login->user,
		                                     login->password ? login->password : "", NULL,
		                                     login->port, login->socket, 0);
		if (!is_open)
			explain(client, why);
		else
			is_open = judge_connection(client, same_as, why);
	} else {
		set_error(why, FAILURE_OTHER, "out of memory");
	}
	wait_use(before);
	if (!is_open)
		client_cut(client);
	return is_open;
}

bool client_open(struct client *client, const struct login *login, struct wait wait,
                 const struct client *same_as, struct client_error *ret_why)
{
	struct name_addresses addresses;

	*client = (struct client){ .login = login, .wait = wait };
	if (clock_monotonic_ms() >= wait.deadline_ms) {
		wait_give_up(&client->wait, WAIT_DEADLINE);
		explain_wait(&client->wait, ret_why);
		return false;
	}
	if (!client_load(ret_why) || !login_is_sound(login, ret_why) ||
	    !find_addresses(client, same_as, &addresses, ret_why))
		return false;
	wait.need_tls = is_required(login->tls);
	for (size_t i = 0; i < addresses.count; i++) {
		const char *host = is_by_name(login) ? login->host : addresses.numeric[i];

		client->wait = wait;
		client->wait.addresses = (unsigned)(addresses.count - i);
		if (connect_to(client, login->socket ? NULL : host, same_as, ret_why))
			return true;
		/* Only an address that nobody can be reached at is worth another try. */
		if (is_by_name(login) || client->wait.stage != STAGE_CONNECT ||
		    client->wait.end != WAIT_GOES_ON)
			return false;
	}
	return false;
}

const char *client_version(const struct client *client)
{
	return library.mysql_get_server_info(client->mysql);
}

const char *client_cipher(const struct client *client)
{
	return library.mysql_get_ssl_cipher(client->mysql);
}

/* --- statements ------------------------------------------------------------------------------- */

bool client_send(struct client *client, const char *sql, struct client_error *ret_why)
{
	struct wait *before = wait_use(&client->wait);
	bool is_sent = !library.mysql_send_query(client->mysql, sql, strlen(sql));

	if (!is_sent)
		explain(client, ret_why);
	wait_use(before);
	return is_sent;
}

/* Rows on their way into an arena. */
struct copy {
	struct arena *arena;
	const char **cells;
	size_t columns, count, room;
	size_t bytes;
};

static void copy_row(struct copy *copy, MYSQL_ROW row, const unsigned long *lengths)
{
	size_t used = copy->count * copy->columns;

	if (copy->count == copy->room) {
		size_t room = copy->room ? copy->room * 2 : 16;
		const char **cells = arena_array(copy->arena, room * copy->columns, sizeof(*cells));

		if (used)
			memcpy(cells, copy->cells, used * sizeof(*cells));
		copy->cells = cells;
		copy->room = room;
	}
	for (size_t i = 0; i < copy->columns; i++) {
		copy->bytes += sizeof(*copy->cells);
		if (!row[i])
			continue;
		copy->cells[used + i] = arena_strndup(copy->arena, row[i], lengths[i]);
		copy->bytes += lengths[i];
	}
	copy->count++;
}

static const char *const *copy_names(struct arena *arena, MYSQL_RES *result, size_t columns)
{
	const MYSQL_FIELD *fields = library.mysql_fetch_fields(result);
	const char **names = arena_array(arena, columns, sizeof(*names));

	for (size_t i = 0; i < columns; i++)
		names[i] = arena_strdup(arena, fields[i].name ? fields[i].name : "");
	return names;
}

/* Copies row by row as they come, so that the library never holds a second copy. */
static bool copy_result(struct client *client, MYSQL_RES *result, struct arena *arena,
                        struct rows *ret)
{
	struct copy copy = { .arena = arena, .columns = library.mysql_num_fields(result) };
	MYSQL_ROW row;

	ret->columns = copy.columns;
	ret->names = copy_names(arena, result, copy.columns);
	while ((row = library.mysql_fetch_row(result))) {
		const unsigned long *lengths = library.mysql_fetch_lengths(result);

		copy_row(&copy, row, lengths);
		/* An SQL NULL is one byte on the line and eight in memory. */
		if (copy.bytes > client->wait.byte_cap) {
			wait_give_up(&client->wait, WAIT_TOO_LARGE);
			return false;
		}
	}
	ret->cells = copy.cells;
	ret->count = copy.count;
	ret->total = copy.count;
	return !library.mysql_errno(client->mysql);
}

static bool read_answer(struct client *client, struct arena *arena, struct rows *ret_rows,
                        struct client_error *ret_why)
{
	MYSQL_RES *result;
	bool is_whole;

	/* Sending clears the last error and reading does not: in a flight the error of the statement
	 * before would be taken for one in the middle of these rows. */
	client->mysql->net.last_errno = 0;
	if (library.mysql_read_query_result(client->mysql)) {
		explain(client, ret_why);
		return false;
	}
	if (library.mysql_field_count(client->mysql)) {
		result = library.mysql_use_result(client->mysql);
		is_whole = result && copy_result(client, result, arena, ret_rows);
		if (!is_whole)
			explain(client, ret_why);
		/* Reads what is left of the rows, in vain where the wait has been given up. */
		if (result)
			library.mysql_free_result(result);
		if (!is_whole)
			return false;
	}
	if (library.mysql_more_results(client->mysql)) {
		wait_give_up(&client->wait, WAIT_STRANGE);
		set_error(ret_why, FAILURE_PROTOCOL, "one statement was given several answers");
		return false;
	}
	return true;
}

bool client_receive(struct client *client, struct arena *arena, struct rows *ret_rows,
                    struct client_error *ret_why)
{
	struct wait *before = wait_use(&client->wait);
	bool is_read;

	*ret_rows = (struct rows){ 0 };
	is_read = read_answer(client, arena, ret_rows, ret_why);
	if (!is_read)
		*ret_rows = (struct rows){ 0 };
	wait_use(before);
	return is_read;
}

/* --- closing ---------------------------------------------------------------------------------- */

static void close_client(struct client *client)
{
	struct wait *before = wait_use(NULL);

	if (client->mysql)
		library.mysql_close(client->mysql);
	client->mysql = NULL;
	wait_use(before);
}

void client_close(struct client *client)
{
	close_client(client);
}

void client_cut(struct client *client)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	int fd = client->mysql ? library.mysql_get_socket(client->mysql) : -1;

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		/* Or mysql_close would try to say good-bye to somebody who does not listen. */
		shutdown(fd, SHUT_RDWR);
	}
	close_client(client);
}
