#include "checks/core/diagnosis.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct check plain = { .id = "t.plain", .on = CHECK_OMS };
static const struct check of_node = { .id = "t.node", .on = CHECK_OMS, .each_node = true };
static const struct check on_config = { .id = "t.config",
	                                .on = CHECK_OMS,
	                                .needs = FACTS(FACT_host_config) };
static const struct check on_metadb = { .id = "t.metadb", .explains = EXPLAINS_CONNECT };
static const struct check on_target = { .id = "t.target", .explains = EXPLAINS_CONNECT };
static const struct check on_hosts = { .id = "t.hosts",
	                               .on = CHECK_OMS,
	                               .needs = FACTS(FACT_metadb_hosts) };

/* A small profile: the MetaDB hides the hosts; programs bring about a silent agent and a heartbeat,
 * which brings about a host that is down. */
static const struct rule rules[] = {
	{ .profile = "p",
	  .id = "metadb",
	  .check = &on_metadb,
	  .endpoint = ENDPOINT_METADB,
	  .code = "x:other" },
	{ .profile = "p",
	  .id = "target",
	  .check = &on_target,
	  .endpoint = ENDPOINT_TARGET,
	  .code = "x:other" },
	{ .profile = "p",
	  .id = "programs",
	  .check = &plain,
	  .code = "x:one",
	  .also = (const char *const[]){ "alert:down", "y:*", NULL } },
	{ .profile = "p",
	  .id = "down",
	  .check = &of_node,
	  .code = "x:one",
	  .follows = (const char *const[]){ "programs:agent", "heartbeat", NULL } },
	{ .profile = "p",
	  .id = "heartbeat",
	  .check = &of_node,
	  .code = "x:one",
	  .follows = (const char *const[]){ "programs:agent", "config", NULL } },
	{ .profile = "p", .id = "config", .check = &on_config, .code = "x:other" },
	{ .profile = "p",
	  .id = "hosts",
	  .check = &on_hosts,
	  .endpoint = ENDPOINT_METADB,
	  .code = "x:two" },
	{ .profile = "q", .id = "config", .check = &on_config, .code = "x:other" },
};

enum { METADB, TARGET, PROGRAMS, DOWN, HEARTBEAT, CONFIG, HOSTS, OTHER, RULES };

struct bench {
	struct arena *arena;
	size_t count;
	struct result results[16];
};

static struct bench bench_new(void)
{
	return (struct bench){ .arena = arena_new() };
}

static struct result *add(struct bench *bench, int rule, enum status status)
{
	struct result *result = &bench->results[bench->count++];

	*result =
		(struct result){ .rule = &rules[rule], .code = rules[rule].code, .status = status };
	return result;
}

static void add_object(struct bench *bench, struct result *result, const char *written)
{
	struct object *object = arena_new_of(bench->arena, struct object);

	object->written = written;
	result->objects = object;
	result->object_count = 1;
}

static void set_node(struct bench *bench, struct result *result, const char *node)
{
	struct rule *rule = arena_new_of(bench->arena, struct rule);

	*rule = *result->rule;
	rule->node = node;
	result->rule = rule;
}

/* "programs confirmed; down@10.0.0.3 confirmed <- programs; hosts not-known (metadb)", with a star
 * at what was not asked about and a '>' for each level. */
static const char *told(struct bench *bench, const struct diagnosis *diagnosis)
{
	struct str text = str_new(bench->arena);

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct cause *cause = &diagnosis->causes[i];

		str_addf(&text, "%s%.*s%s%s%s%s %s", i ? "; " : "", (int)cause->depth, ">>>>",
		         cause->result->rule->id, cause->node ? "@" : "",
		         cause->node ? cause->node : "", cause->is_asked ? "" : "*",
		         cause_verdict_name(cause->verdict));
		if (cause->consequence_of)
			str_addf(&text, " <- %s", cause->consequence_of->result->rule->id);
		if (cause->blocked_by)
			str_addf(&text, " (%s)", cause->blocked_by);
	}
	return text.text;
}

static struct diagnosis *make(struct bench *bench, const char *code)
{
	return diagnosis_make(bench->arena, bench->results, bench->count, LIST(code));
}

static void test_verdicts_and_order(void **state)
{
	struct bench bench = bench_new();
	struct diagnosis *diagnosis;

	(void)state;
	add(&bench, PROGRAMS, STATUS_PASS);
	add(&bench, DOWN, STATUS_UNKNOWN);
	add(&bench, HEARTBEAT, STATUS_FAIL);
	add(&bench, HOSTS, STATUS_FAIL);
	add(&bench, CONFIG, STATUS_UNKNOWN);
	diagnosis = make(&bench, "x:one");
	assert_string_equal(told(&bench, diagnosis),
	                    "heartbeat confirmed; down not-known; programs ruled-out");
	assert_int_equal(diagnosis->by_verdict[CAUSE_CONFIRMED], 1);
	assert_int_equal(diagnosis->by_verdict[CAUSE_NOT_KNOWN], 1);
	assert_int_equal(diagnosis->by_verdict[CAUSE_RULED_OUT], 1);
	assert_int_equal(diagnosis->verdict, CAUSE_CONFIRMED);
	arena_free(bench.arena);
}

static void test_answers(void **state)
{
	static const struct answer {
		enum status programs, heartbeat;
		enum cause_verdict verdict;
	} answers[] = {
		{ STATUS_PASS, STATUS_PASS, CAUSE_RULED_OUT },
		{ STATUS_PASS, STATUS_SKIP, CAUSE_RULED_OUT },
		{ STATUS_PASS, STATUS_UNKNOWN, CAUSE_NOT_KNOWN },
		{ STATUS_SKIP, STATUS_SKIP, CAUSE_NOT_KNOWN },
		{ STATUS_UNKNOWN, STATUS_FAIL, CAUSE_CONFIRMED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct bench bench = bench_new();

		add(&bench, PROGRAMS, answers[i].programs);
		add(&bench, HEARTBEAT, answers[i].heartbeat);
		/* What is not asked about decides nothing. */
		add(&bench, HOSTS, STATUS_FAIL);
		assert_int_equal(make(&bench, "x:one")->verdict, answers[i].verdict);
		arena_free(bench.arena);
	}
}

static void test_codes_are_also_alerts_and_globs(void **state)
{
	struct bench bench = bench_new();

	(void)state;
	add(&bench, PROGRAMS, STATUS_FAIL);
	add(&bench, HEARTBEAT, STATUS_FAIL);
	assert_string_equal(told(&bench, make(&bench, "alert:down")), "programs confirmed");
	assert_string_equal(told(&bench, make(&bench, "y:anything")), "programs confirmed");
	assert_string_equal(told(&bench, make(&bench, "z:anything")), "");
	arena_free(bench.arena);
}

static void test_waived_causes_are_causes(void **state)
{
	struct bench bench = bench_new();

	(void)state;
	add(&bench, PROGRAMS, STATUS_WAIVED)->waived_from = STATUS_FAIL;
	add(&bench, HEARTBEAT, STATUS_WAIVED)->waived_from = STATUS_UNKNOWN;
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "programs confirmed; heartbeat not-known");
	arena_free(bench.arena);
}

static void test_consequences_stand_below(void **state)
{
	struct bench bench = bench_new();
	struct result *programs;

	(void)state;
	add(&bench, DOWN, STATUS_FAIL);
	add(&bench, HEARTBEAT, STATUS_FAIL);
	programs = add(&bench, PROGRAMS, STATUS_FAIL);
	/* Another program than the one that matters. */
	add_object(&bench, programs, "console");
	assert_string_equal(
		told(&bench, make(&bench, "x:one")),
		"heartbeat confirmed; >down confirmed <- heartbeat; programs confirmed");
	add_object(&bench, programs, "`agent`");
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "programs confirmed; >down confirmed <- programs; "
	                    ">heartbeat confirmed <- programs");
	arena_free(bench.arena);
}

static void test_a_root_is_listed_though_not_asked(void **state)
{
	struct bench bench = bench_new();
	struct diagnosis *diagnosis;

	(void)state;
	add(&bench, DOWN, STATUS_FAIL);
	add(&bench, HEARTBEAT, STATUS_FAIL);
	add(&bench, CONFIG, STATUS_FAIL);
	/* Of the same id in another profile. */
	add(&bench, OTHER, STATUS_FAIL);
	diagnosis = make(&bench, "x:one");
	assert_string_equal(told(&bench, diagnosis),
	                    "config* confirmed; >heartbeat confirmed <- config; "
	                    ">>down confirmed <- heartbeat");
	assert_int_equal(diagnosis->by_verdict[CAUSE_CONFIRMED], 2);
	/* The causes of the copy point at each other, not at what they were made from. */
	assert_ptr_equal(diagnosis->causes[2].consequence_of, &diagnosis->causes[1]);
	/* A confirmed rule that brought about nothing of what was asked is not told. */
	bench.results[0].status = bench.results[1].status = STATUS_PASS;
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "down ruled-out; heartbeat ruled-out");
	arena_free(bench.arena);
}

static void test_nodes_do_not_mix(void **state)
{
	struct bench bench = bench_new();

	(void)state;
	set_node(&bench, add(&bench, DOWN, STATUS_FAIL), "10.0.0.3");
	set_node(&bench, add(&bench, DOWN, STATUS_FAIL), "10.0.0.4");
	set_node(&bench, add(&bench, HEARTBEAT, STATUS_PASS), "10.0.0.3");
	set_node(&bench, add(&bench, HEARTBEAT, STATUS_FAIL), "10.0.0.4");
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "down@10.0.0.3 confirmed; heartbeat@10.0.0.4 confirmed; "
	                    ">down@10.0.0.4 confirmed <- heartbeat; heartbeat@10.0.0.3 ruled-out");
	/* What is true of the whole OMS is true of each node. */
	add(&bench, CONFIG, STATUS_FAIL);
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "down@10.0.0.3 confirmed; config* confirmed; "
	                    ">heartbeat@10.0.0.4 confirmed <- config; "
	                    ">>down@10.0.0.4 confirmed <- heartbeat; heartbeat@10.0.0.3 ruled-out");
	arena_free(bench.arena);
}

static void test_circles_end(void **state)
{
	const struct rule circle[] = {
		{ .profile = "p",
		  .id = "a",
		  .check = &plain,
		  .code = "x:one",
		  .follows = (const char *const[]){ "a", "b", NULL } },
		{ .profile = "p",
		  .id = "b",
		  .check = &plain,
		  .code = "x:one",
		  .follows = (const char *const[]){ "c", NULL } },
		{ .profile = "p",
		  .id = "c",
		  .check = &plain,
		  .code = "x:one",
		  .follows = (const char *const[]){ "a", NULL } },
	};
	struct bench bench = bench_new();

	(void)state;
	for (size_t i = 0; i < 3; i++)
		bench.results[bench.count++] =
			(struct result){ .rule = &circle[i], .status = STATUS_FAIL };
	assert_string_equal(told(&bench, make(&bench, "x:one")),
	                    "c confirmed; >b confirmed <- c; >>a confirmed <- b");
	arena_free(bench.arena);
}

static void test_what_hides_a_cause_is_listed(void **state)
{
	struct bench bench = bench_new();
	struct diagnosis *diagnosis;

	(void)state;
	add(&bench, HOSTS, STATUS_UNKNOWN)->blocked_by = "metadb";
	add(&bench, METADB, STATUS_FAIL);
	add(&bench, TARGET, STATUS_FAIL);
	diagnosis = make(&bench, "x:two");
	assert_string_equal(told(&bench, diagnosis), "metadb* confirmed; hosts not-known (metadb)");
	/* It is no cause of the code: nothing is confirmed. */
	assert_int_equal(diagnosis->by_verdict[CAUSE_CONFIRMED], 0);
	assert_int_equal(diagnosis->verdict, CAUSE_NOT_KNOWN);
	bench.results[1].status = STATUS_UNKNOWN;
	assert_string_equal(told(&bench, make(&bench, "x:two")),
	                    "hosts not-known (metadb); metadb* not-known");
	arena_free(bench.arena);
}

static const char *ids(struct arena *arena, const struct rule *const *list, size_t count)
{
	struct str text = str_new(arena);

	for (size_t i = 0; i < count; i++)
		str_addf(&text, "%s%s%s%s", i ? " " : "", list[i]->id, list[i]->node ? "@" : "",
		         list[i]->node ? list[i]->node : "");
	return text.text;
}

static void test_which_rules_it_takes(void **state)
{
	struct arena *arena = arena_new();
	const struct rule *all[RULES], *const *some;
	size_t count;

	(void)state;
	for (size_t i = 0; i < RULES; i++)
		all[i] = &rules[i];
	/* Those that raise it and what they follow; the plain checks have no endpoint's facts. */
	count = diagnosis_rules(arena, all, RULES, LIST("alert:down"), &some);
	assert_string_equal(ids(arena, some, count), "programs");
	count = diagnosis_rules(arena, all, RULES, LIST("x:two"), &some);
	assert_string_equal(ids(arena, some, count), "metadb hosts");
	count = diagnosis_rules(arena, all + TARGET, RULES - TARGET, LIST("x:one"), &some);
	assert_string_equal(ids(arena, some, count), "programs down heartbeat config");
	count = diagnosis_rules(arena, all, RULES, LIST("x:none"), &some);
	assert_int_equal(count, 0);
	arena_free(arena);
}

static void test_rules_of_nodes(void **state)
{
	struct arena *arena = arena_new();
	const struct rule *all[] = { &rules[PROGRAMS], &rules[DOWN] }, *const * some;
	size_t count;

	(void)state;
	count = diagnosis_spread(arena, all, 2, LIST("10.0.0.3", "10.0.0.4"), &some);
	assert_string_equal(ids(arena, some, count), "programs down@10.0.0.3 down@10.0.0.4");
	count = diagnosis_spread(arena, all, 2, LIST("10.0.0.3"), &some);
	assert_string_equal(ids(arena, some, count), "programs down");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts_and_order),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_codes_are_also_alerts_and_globs),
		cmocka_unit_test(test_waived_causes_are_causes),
		cmocka_unit_test(test_consequences_stand_below),
		cmocka_unit_test(test_a_root_is_listed_though_not_asked),
		cmocka_unit_test(test_nodes_do_not_mix),
		cmocka_unit_test(test_circles_end),
		cmocka_unit_test(test_what_hides_a_cause_is_listed),
		cmocka_unit_test(test_which_rules_it_takes),
		cmocka_unit_test(test_rules_of_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
