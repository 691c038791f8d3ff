#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "profiles/profile.h"

static const struct profile *oms_health(struct arena *arena)
{
	struct error error = { 0 };
	const struct profile *profile =
		profile_read(arena, "oms-health", registry_new(arena), &error);

	if (!profile)
		fail_msg("%s", error.text);
	return profile;
}

/* How many rules can tell whether a code holds. */
static size_t count_rules(const struct profile *profile, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->rule_count; i++)
		count += rule_raises(&profile->rules[i], id);
	return count;
}

/* Codes that no probe can see any sign of would be listed here with the reason: there are none. Each
 * code of a component stands in a project's step or in an error log, if it stands anywhere. */
static void every_code_and_alert_of_oms_has_a_rule(void **state)
{
	struct arena *arena = arena_new();
	const struct profile *profile = oms_health(arena);
	size_t codes = 0, alerts = 0;

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		if (!str_equal(entry.family, "oms") && !str_equal(entry.family, "alert"))
			continue;
		codes += str_equal(entry.family, "oms");
		alerts += str_equal(entry.family, "alert");
		if (!count_rules(profile, entry.id))
			fail_msg("no rule of oms-health is about %s", entry.id);
	}
	assert_true(codes >= 81);
	assert_int_equal(alerts, 8);
	arena_free(arena);
}

/* Where a code stands only as somebody's report, no cause is found by it; the codes of hosts and
 * Stores have conditions of their own, and a report of one would confirm itself. */
static void reports_do_not_stand_for_conditions(void **state)
{
	static const char *const conditions[] = { "oms:CM-RESONF000001", "oms:CM-RESONF000003",
		                                  "oms:CM-RESOAT000011", "oms:CM-RESOIE000201" };
	struct arena *arena = arena_new();
	const struct profile *profile = oms_health(arena);

	(void)state;
	for (size_t i = 0; i < profile->rule_count; i++)
		for (size_t j = 0; j < sizeof(conditions) / sizeof(conditions[0]); j++)
			if (str_equal(profile->rules[i].id, "oms.error-logs") ||
			    str_equal(profile->rules[i].id, "oms.project-failed"))
				assert_false(rule_raises(&profile->rules[i], conditions[j]));
	arena_free(arena);
}

static void every_rule_says_where_it_comes_from(void **state)
{
	struct arena *arena = arena_new();
	const struct profile *profile = oms_health(arena);

	(void)state;
	for (size_t i = 0; i < profile->rule_count; i++)
		if (!profile->rules[i].basis)
			fail_msg("%s has no basis", profile->rules[i].id);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_and_alert_of_oms_has_a_rule),
		cmocka_unit_test(reports_do_not_stand_for_conditions),
		cmocka_unit_test(every_rule_says_where_it_comes_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
