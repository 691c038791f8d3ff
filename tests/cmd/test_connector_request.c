#include "cmd/connector_request.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/connector_answer.h"
#include "cmd/connector_look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NAME "10.0.0.3-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000001"
#define NOW 1700000000

static int set_up(void **state)
{
	*state = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void takes_names_apart(void **state)
{
	struct connector_name name;
	const char *why;

	assert_true(connector_name_read(*state, NAME, false, &name, &why));
	assert_string_equal(name.project, "np_4w3a");
	assert_int_equal(name.kind, CONNECTOR_INCR);
	assert_true(connector_name_read(*state,
	                                "fd00::3-19000:connector_v2:p_4-full_trans-12-3:0123456789",
	                                false, &name, &why));
	assert_int_equal(name.kind, CONNECTOR_FULL);
	assert_string_equal(name.project, "p_4");
	assert_true(connector_name_read(*state, "x-incr_trans", true, &name, &why));
	assert_int_equal(name.kind, CONNECTOR_INCR);
	assert_null(name.project);
	assert_true(connector_name_read(*state, "incr_trans-full_trans", true, &name, &why));
	assert_int_equal(name.kind, CONNECTOR_OTHER);
}

static void refuses_what_is_no_name(void **state)
{
	static const char *const names[] = {
		"",       "-",       ":::",       "---",    ":-:::-", "a-b:c:d-e-f-g:h",
		NAME " ", NAME "\n", "\xff" NAME, NAME ":", "-" NAME,
	};
	struct connector_name name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *why = NULL;

		assert_false(connector_name_read(*state, names[i], false, &name, &why));
		assert_non_null(why);
	}
}

static void tells_kin_from_strangers(void **state)
{
	assert_true(connector_names_are_kin(
		*state, NAME, "10.0.0.4-9001:connector_v2:np_4w3a-incr_trans-1-0:0000000002"));
	assert_false(connector_names_are_kin(
		*state, NAME, "10.0.0.3-9000:connector_v2:np_4w3a-full_trans-1-0:0000000002"));
	assert_false(connector_names_are_kin(*state, NAME, "x"));
}

static void splits_settings_at_the_first_marks(void **state)
{
	struct connector_setting setting;
	const char *why;

	assert_true(connector_setting_read(*state, "a.b.c=d=e.f", false, &setting, &why));
	assert_string_equal(setting.scope, "a");
	assert_string_equal(setting.key, "b.c");
	assert_string_equal(setting.value, "d=e.f");
	assert_true(connector_setting_read(*state, "a.b=", false, &setting, &why));
	assert_string_equal(setting.value, "");
	assert_true(connector_setting_read(*state, "a.b=c", true, &setting, &why));
	assert_string_equal(setting.key, "b=c");
	assert_null(setting.value);
	/* The dot is looked for in the name alone. */
	assert_false(connector_setting_read(*state, "ab=c.d", false, &setting, &why));
	assert_null(strstr(why, "c.d"));
}

static void builds_requests(void **state)
{
	const struct connector_setting settings[] = { { "b", "y", "1" },
		                                      { "a", "x", "\"\n" },
		                                      { "c", "gone", NULL },
		                                      { "b", "z", "" },
		                                      { "d", "e.f", NULL } };
	const struct connector_parameter parameters[] = {
		{ "none", NULL },
		{ "deleteParams", connector_removed(*state, settings, 5) },
		{ 0 },
	};
	const struct http_request request = connector_request(
		*state, "update", NAME, parameters, connector_update_body(*state, settings, 5));

	assert_string_equal(request.method, "POST");
	assert_string_equal(request.target, "/connector/task/v2/update?taskName=" NAME
	                                    "&deleteParams=c.gone,d.e.f");
	assert_string_equal(request.content_type, "application/json");
	assert_string_equal(request.body, "{\"b\":{\"y\":\"1\",\"z\":\"\"},\"a\":{\"x\":"
	                                  "\"\\\"\\n\"}}");
	assert_null(connector_request(*state, "stop", NAME, NULL, NULL).content_type);
}

static void writes_the_checkpoint_as_documented(void **state)
{
	const char *const one[] = { "p_1_source-000-0", NULL }, *const two[] = { "b", "a\"", NULL };
	struct connector_setting setting = { "source", "checkpoint", NULL };

	setting.value = connector_checkpoint(*state, one, 1676286000);
	assert_string_equal(connector_update_body(*state, &setting, 1),
	                    "{\"source\":{\"checkpoint\":\"{\\\"p_1_source-000-0\\\":"
	                    "\\\"1676286000\\\"}\"}}");
	assert_string_equal(connector_checkpoint(*state, two, 1), "{\"b\":\"1\",\"a\\\"\":\"1\"}");
}

static void reads_times(void **state)
{
	static const struct {
		const char *text;
		int64_t is; /* 0: refused */
	} cases[] = {
		{ "1676286000", 1676286000 },
		{ "2023-02-13T19:00:00+08:00", 1676286000 },
		{ "2023-02-13 19:00:00+08", 1676286000 },
		{ "2023-02-13t11:00:00z", 1676286000 },
		{ "2024-02-29T00:00:00Z", 0 },
		{ "2023-02-29T00:00:00Z", 0 },
		{ "2023-02-13T19:00:00+8", 0 },
		{ "2023-02-13T19:00:00+08:", 0 },
		{ "2023-02-13T19:00:00+08:00x", 0 },
		{ "2023-02-13T19:00+08:00", 0 },
		{ "2023-02-13", 0 },
		{ "1676286000000", 0 },
		{ "1700000001", 0 },
		{ "", 0 },
		{ "-5", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = NULL;
		int64_t got = 0;
		bool good = connector_time_read(*state, cases[i].text, NOW, &got, &why);

		assert_int_equal(good, cases[i].is != 0);
		assert_true(good ? got == cases[i].is : why != NULL);
	}
}

static void reads_consoles(void **state)
{
	struct http_service service;
	const char *why;

	assert_true(connector_console_read(*state, "http://[::1]:8089", &service, &why));
	assert_string_equal(service.url, "http://[::1]:8089");
	assert_null(service.user);
	assert_true(connector_console_read(*state, "https://a@b:p%40w@oms.example.com:8089",
	                                   &service, &why));
	assert_string_equal(service.url, "https://oms.example.com:8089");
	assert_string_equal(service.user, "a@b");
	assert_string_equal(service.password, "p@w");
	assert_false(connector_console_read(*state, "http://u:secret@h:1/x", &service, &why));
	assert_null(strstr(why, "secret"));
	assert_false(connector_console_read(*state, "http://:secret@h:1", &service, &why));
	assert_false(connector_console_read(*state, "http://u:%0@h:1", &service, &why));
	assert_false(connector_console_read(*state, "u@h", &service, &why));
}

static void quotes_for_a_shell(void **state)
{
	assert_string_equal(shell_word(*state, NAME), NAME);
	assert_string_equal(shell_word(*state, ""), "''");
	assert_string_equal(shell_word(*state, "it's $(id)"), "'it'\\''s $(id)'");
}

/* --- answers ---------------------------------------------------------------------------------- */

static void takes_a_literal_true_alone_for_success(void **state)
{
	static const struct {
		long status;
		const char *body;
		enum connector_outcome outcome;
	} cases[] = {
		{ 200, "{\"isSuccess\":true}", OUTCOME_DONE },
		{ 200, "{\"isSuccess\":false}", OUTCOME_REFUSED },
		{ 200, "{\"isSuccess\":\"true\"}", OUTCOME_REFUSED },
		{ 200, "{\"isSuccess\":true,\"isSuccess\":true}", OUTCOME_REFUSED },
		{ 500, "{\"isSuccess\":true}", OUTCOME_REFUSED },
		{ 302, "", OUTCOME_REFUSED },
		{ 502, "<html>", OUTCOME_UNKNOWN },
		{ 504, "", OUTCOME_UNKNOWN },
		/* CM's own words go before what the status suggests. */
		{ 504, "{\"isSuccess\":false}", OUTCOME_REFUSED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct http_reply reply = { .status = cases[i].status,
			                          .body = cases[i].body,
			                          .length = strlen(cases[i].body) };
		struct connector_answer answer = connector_answer_read(*state, &reply);

		assert_int_equal(answer.outcome, cases[i].outcome);
		if (answer.outcome != OUTCOME_DONE)
			assert_true(note_is_set(&answer.why));
	}
}

/* --- conf/source.json ------------------------------------------------------------------------- */

static struct connector_look look_at(struct arena *arena, const char *text)
{
	char path[] = "/tmp/source.XXXXXX";
	int fd = mkstemp(path);
	struct connector_look look;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	look = connector_look_at_file(arena, path);
	unlink(path);
	return look;
}

static void reads_subtopics_of_a_file(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"{\"checkpoint\":null}",
		"{\"checkpoint\":\"\"}",
		"{\"checkpoint\":\"1676286000\"}",
		"{\"checkpoint\":\"{}\"}",
		"{\"checkpoint\":{\"a\":\"1\"}}",
		"{\"checkpoint\":\"[\\\"a\\\"]\"}",
	};
	struct connector_look look =
		look_at(*state, "{\"username\":\"x\",\"checkpoint\":\"{\\\"b-0\\\":\\\"1\\\","
	                        "\\\"a-0\\\":\\\"2\\\"}\"}");

	assert_true(look.found);
	assert_string_equal(look.subtopics[0], "b-0");
	assert_string_equal(look.subtopics[1], "a-0");
	assert_null(look.subtopics[2]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		look = look_at(*state, bad[i]);
		assert_false(look.found);
		assert_null(look.subtopics[0]);
		assert_true(note_is_set(&look.why));
	}
	assert_false(connector_look_at_file(*state, "/nonexistent").found);
	assert_string_equal(connector_source_path(*state, "/root", NAME),
	                    "/root/home/ds/run/" NAME "/conf/source.json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(takes_names_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_kin_from_strangers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(splits_settings_at_the_first_marks, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(builds_requests, set_up, tear_down),
		cmocka_unit_test_setup_teardown(writes_the_checkpoint_as_documented, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(reads_times, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reads_consoles, set_up, tear_down),
		cmocka_unit_test_setup_teardown(quotes_for_a_shell, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_a_literal_true_alone_for_success, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(reads_subtopics_of_a_file, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
