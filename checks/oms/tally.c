#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

/* More lines than this are read by nobody. */
#define SHOWN_MOST 20

void tally_fail(struct tally *tally, const char *thing, struct evidence evidence)
{
	if (!tally->thing || !str_equal(tally->thing, thing)) {
		tally->thing = thing;
		if (tally->things++ < SHOWN_MOST)
			finding_thing(tally->finding, thing);
	}
	if (tally->shown == SHOWN_MOST) {
		tally->more++;
		return;
	}
	tally->shown++;
	finding_fail(tally->finding, evidence);
}

void tally_end(const struct tally *tally, struct arena *arena)
{
	finding_objects_total(tally->finding, tally->things);
	if (tally->more)
		finding_context(tally->finding,
		                (struct evidence){
					.what = "...",
					.actual = NOTE(TEXT_oms_more,
		                                       arena_printf(arena, "%zu", tally->more)) });
}
