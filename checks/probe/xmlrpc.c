#include "checks/probe/xmlrpc.h"

#include <pthread.h>
#include <string.h>

#include <expat.h>

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/probe/library.h"
#include "checks/probe/quote.h"

/* --- the library ------------------------------------------------------------------------------ */

#define LIBRARY_FILE "libexpat.so.1"

#define FUNCTIONS(X)                      \
	X(XML_ParserCreate)               \
	X(XML_ParserFree)                 \
	X(XML_SetUserData)                \
	X(XML_SetElementHandler)          \
	X(XML_SetCharacterDataHandler)    \
	X(XML_SetStartDoctypeDeclHandler) \
	X(XML_Parse)                      \
	X(XML_StopParser)                 \
	X(XML_GetErrorCode)               \
	X(XML_ErrorString)                \
	X(XML_GetCurrentLineNumber)

struct library {
	FUNCTIONS(LIBRARY_MEMBER)
};

static const struct library_function functions[] = {
#define ENTRY(function) LIBRARY_ENTRY(struct library, function)
	FUNCTIONS(ENTRY)
#undef ENTRY
};

/* The only static things that change, and only once: what dlopen found, for all threads. */
static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static struct library library;
static char library_error[512]; /* empty: it is there */

static void *open_library(const char *file, struct library *ret, char *ret_why, size_t size)
{
	const struct library_need need = { .file = file,
		                           .package = "libexpat1",
		                           .functions = functions,
		                           .count = sizeof(functions) / sizeof(functions[0]) };

	return library_open(&need, ret, ret_why, size);
}

static void load_once(void)
{
	open_library(LIBRARY_FILE, &library, library_error, sizeof(library_error));
}

static bool fail(struct group_status *why, enum failure failure, const char *text)
{
	why->state = GROUP_FAILED;
	why->failure = failure;
	why->text = text;
	return false;
}

bool xmlrpc_library_is_usable(struct arena *arena, const char *file, struct group_status *ret_why)
{
	struct library found;
	char why[sizeof(library_error)];

	*ret_why = (struct group_status){ .state = GROUP_GATHERED };
	if (open_library(file, &found, why, sizeof(why)))
		return true;
	return fail(ret_why, FAILURE_LIBRARY, arena_strdup(arena, why));
}

/* --- the elements ----------------------------------------------------------------------------- */

enum {
	DEPTH_CAP = 32,
	SIZE_CAP = 8 << 20,
	QUOTE_MOST = 200,
};

enum element {
	ELEMENT_OTHER,
	ELEMENT_RESPONSE,
	ELEMENT_PARAMS,
	ELEMENT_PARAM,
	ELEMENT_FAULT,
	ELEMENT_VALUE,
	ELEMENT_ARRAY,
	ELEMENT_DATA,
	ELEMENT_STRUCT,
	ELEMENT_MEMBER,
	ELEMENT_NAME,
	ELEMENT_SCALAR, /* a type whose text is the value */
};

static const struct {
	const char *name;
	enum element element;
} elements[] = {
	{ "methodResponse", ELEMENT_RESPONSE },
	{ "params", ELEMENT_PARAMS },
	{ "param", ELEMENT_PARAM },
	{ "fault", ELEMENT_FAULT },
	{ "value", ELEMENT_VALUE },
	{ "array", ELEMENT_ARRAY },
	{ "data", ELEMENT_DATA },
	{ "struct", ELEMENT_STRUCT },
	{ "member", ELEMENT_MEMBER },
	{ "name", ELEMENT_NAME },
	{ "string", ELEMENT_SCALAR },
	{ "int", ELEMENT_SCALAR },
	{ "i4", ELEMENT_SCALAR },
	{ "boolean", ELEMENT_SCALAR },
	{ "double", ELEMENT_SCALAR },
};

/* Where a list's items stand, and where a fault's struct does. */
static const enum element item_path[] = {
	ELEMENT_RESPONSE, ELEMENT_PARAMS, ELEMENT_PARAM, ELEMENT_VALUE,
	ELEMENT_ARRAY,    ELEMENT_DATA,   ELEMENT_VALUE, ELEMENT_STRUCT,
};
static const enum element fault_path[] = {
	ELEMENT_RESPONSE,
	ELEMENT_FAULT,
	ELEMENT_VALUE,
	ELEMENT_STRUCT,
};

enum {
	ITEM_DEPTH = sizeof(item_path) / sizeof(item_path[0]),
	FAULT_DEPTH = sizeof(fault_path) / sizeof(fault_path[0]),
};

static const char *const fault_members[] = { "faultCode", "faultString", NULL };

/* Rows that grow. */
struct table {
	const char *const *names;
	size_t columns, count, room;
	const char **cells;
};

struct reading {
	struct arena *arena;
	XML_Parser parser;
	enum element path[DEPTH_CAP];
	size_t depth;
	bool is_response, is_list, has_doctype;
	const char *refusal; /* a sentence; the parser was stopped */
	struct table items, fault;
	size_t values; /* of the list, that have ended */
	/* Of the struct that is read: */
	struct table *table;
	size_t base;            /* its depth; 0: none is read */
	const char *member;     /* the last name; NULL: none */
	bool has_type, is_text; /* of the value that is read */
	struct str text;
};

static enum element element_of(const char *name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (str_equal(elements[i].name, name))
			return elements[i].element;
	return ELEMENT_OTHER;
}

static bool is_at(const struct reading *reading, const enum element *path, size_t depth)
{
	return reading->depth == depth && !memcmp(reading->path, path, depth * sizeof(*path));
}

static void refuse(struct reading *reading, const char *why)
{
	if (!reading->refusal)
		reading->refusal = why;
	library.XML_StopParser(reading->parser, XML_FALSE);
}

/* --- structs ---------------------------------------------------------------------------------- */

static struct table table_of(const char *const *names)
{
	struct table table = { .names = names };

	while (names[table.columns])
		table.columns++;
	return table;
}

static void begin_row(struct reading *reading, struct table *table)
{
	size_t row = table->columns * sizeof(*table->cells);

	if (table->count == table->room) {
		size_t room = table->room ? table->room * 2 : 16;
		const char **cells = arena_array(reading->arena, room, row);

		if (table->count)
			memcpy(cells, table->cells, table->count * row);
		table->cells = cells;
		table->room = room;
	}
	table->count++;
	reading->table = table;
	reading->base = reading->depth;
	reading->member = NULL;
}

static void set_cell(struct reading *reading)
{
	struct table *table = reading->table;

	for (size_t i = 0; reading->member && i < table->columns; i++)
		if (str_equal(table->names[i], reading->member))
			table->cells[(table->count - 1) * table->columns + i] = arena_strndup(
				reading->arena, reading->text.text, reading->text.length);
}

/* How deep the open element stands inside the struct that is read: 1 is a member, 2 its name and
 * its value, 3 the value's type. */
static size_t depth_in_struct(const struct reading *reading)
{
	return reading->base ? reading->depth - reading->base : 0;
}

static void begin_in_struct(struct reading *reading, enum element element)
{
	size_t depth = depth_in_struct(reading);
	bool is_value = depth == 2 && element == ELEMENT_VALUE;
	bool is_type = depth == 3 && reading->path[reading->depth - 2] == ELEMENT_VALUE;

	if (depth == 1 && element == ELEMENT_MEMBER)
		reading->member = NULL;
	if (is_value)
		reading->has_type = false;
	if (is_type)
		reading->has_type = true;
	/* A value without a type is a string. */
	reading->is_text = is_value || (is_type && element == ELEMENT_SCALAR) ||
	                   (depth == 2 && element == ELEMENT_NAME);
	if (reading->is_text)
		reading->text.length = 0;
}

static void end_in_struct(struct reading *reading, enum element element)
{
	size_t depth = depth_in_struct(reading);
	bool is_type = depth == 3 && reading->path[reading->depth - 2] == ELEMENT_VALUE;

	if (!reading->base)
		return;
	if (depth == 2 && element == ELEMENT_NAME)
		reading->member =
			arena_strndup(reading->arena, reading->text.text, reading->text.length);
	else if ((is_type && element == ELEMENT_SCALAR) ||
	         (depth == 2 && element == ELEMENT_VALUE && !reading->has_type))
		set_cell(reading);
	reading->is_text = false;
	if (!depth)
		reading->base = 0;
}

/* --- what expat calls ------------------------------------------------------------------------- */

static void begin_element(void *data, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *reading = data;
	enum element element = element_of(name);

	(void)attributes;
	if (reading->depth == DEPTH_CAP) {
		refuse(reading, "elements are nested too deeply");
		return;
	}
	reading->path[reading->depth++] = element;
	if (reading->depth == 1 && element != ELEMENT_RESPONSE) {
		refuse(reading, "no methodResponse");
		return;
	}
	reading->is_response = true;
	if (is_at(reading, item_path, ITEM_DEPTH - 2))
		reading->is_list = true;
	if (is_at(reading, item_path, ITEM_DEPTH))
		begin_row(reading, &reading->items);
	else if (is_at(reading, fault_path, FAULT_DEPTH))
		begin_row(reading, &reading->fault);
	else
		begin_in_struct(reading, element);
}

static void end_element(void *data, const XML_Char *name)
{
	struct reading *reading = data;

	end_in_struct(reading, element_of(name));
	if (is_at(reading, item_path, ITEM_DEPTH - 1) && ++reading->values != reading->items.count)
		refuse(reading, "an item of its list is no struct");
	reading->depth--;
}

static void add_text(void *data, const XML_Char *text, int length)
{
	struct reading *reading = data;

	if (reading->is_text)
		str_add_n(&reading->text, text, (size_t)length);
}

/* Whoever may declare a type may declare entities, and those may grow without end. */
static void meet_doctype(void *data, const XML_Char *name, const XML_Char *system_id,
                         const XML_Char *public_id, int has_subset)
{
	struct reading *reading = data;

	(void)system_id;
	(void)public_id;
	(void)has_subset;
	/* A page of HTML is better called that. */
	reading->has_doctype = !str_equal_nocase(name, "html");
	refuse(reading, "document type");
}

/* --- the call --------------------------------------------------------------------------------- */

static const char *fault_words(struct arena *arena, const struct table *fault)
{
	const char *code = fault->cells[0] ? fault->cells[0] : "without a number";
	const char *text = fault->cells[1] ? fault->cells[1] : "";

	code = quote_bytes(arena, code, strlen(code), QUOTE_MOST);
	return arena_printf(arena, "fault %s%s%s", code, *text ? " " : "",
	                    quote_bytes(arena, text, strlen(text), QUOTE_MOST));
}

/* What came instead of a list of structs; NULL: such a list. */
static const char *answer_refusal(struct reading *reading, bool is_read, const char *body,
                                  size_t length)
{
	if (reading->has_doctype)
		return "answered XML with a document type, which XML-RPC does not have";
	if (!reading->is_response)
		return arena_printf(reading->arena, "answered %s, which is no XML-RPC",
		                    quote_answer(reading->arena, body, length));
	if (!is_read)
		return arena_printf(
			reading->arena, "answered XML-RPC that is broken in line %lu: %s",
			(unsigned long)library.XML_GetCurrentLineNumber(reading->parser),
			reading->refusal ? reading->refusal
					 : library.XML_ErrorString(
						   library.XML_GetErrorCode(reading->parser)));
	if (reading->fault.count)
		return fault_words(reading->arena, &reading->fault);
	if (!reading->is_list)
		return "answered XML-RPC, but no list";
	return NULL;
}

static const char *read_body(struct reading *reading, const char *body, size_t length)
{
	bool is_read;

	library.XML_SetUserData(reading->parser, reading);
	library.XML_SetElementHandler(reading->parser, begin_element, end_element);
	library.XML_SetCharacterDataHandler(reading->parser, add_text);
	library.XML_SetStartDoctypeDeclHandler(reading->parser, meet_doctype);
	is_read = library.XML_Parse(reading->parser, body, (int)length, XML_TRUE) == XML_STATUS_OK;
	return answer_refusal(reading, is_read, body, length);
}

bool xmlrpc_structs(struct arena *arena, const char *body, size_t length,
                    const char *const *members, struct rows *ret, struct group_status *ret_why)
{
	struct reading reading = { .arena = arena,
		                   .items = table_of(members),
		                   .fault = table_of(fault_members),
		                   .text = str_new(arena) };
	const char *why;

	*ret = (struct rows){ 0 };
	if (length > SIZE_CAP)
		return fail(ret_why, FAILURE_TOO_LARGE, "the answer has more than 8 MiB");
	pthread_once(&library_once, load_once);
	if (*library_error)
		return fail(ret_why, FAILURE_LIBRARY, library_error);
	reading.parser = library.XML_ParserCreate(NULL);
	if (!reading.parser)
		return fail(ret_why, FAILURE_LIBRARY, LIBRARY_FILE " does not start");
	why = read_body(&reading, body, length);
	library.XML_ParserFree(reading.parser);
	if (why)
		return fail(ret_why, FAILURE_PROTOCOL, why);
	*ret = (struct rows){ .columns = reading.items.columns,
		              .count = reading.items.count,
		              .total = reading.items.count,
		              .names = members,
		              .cells = reading.items.cells };
	ret_why->state = GROUP_GATHERED;
	return true;
}
