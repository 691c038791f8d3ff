#include "checks/oms/oms.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *jvms = oms_seen(in, FACT_host_jvms);
	const struct rows *memory = oms_seen(in, FACT_host_memory);
	const char *basis = memory->count ? rows_get(memory, 0, "basis") : NULL;
	const char *cell = memory->count ? rows_get(memory, 0, "total") : NULL;
	long long total, heap, sum = 0;

	if (!cell || !str_to_int(cell, &total)) {
		finding_unknown(finding, oms_why_missing(in, FACT_host_memory));
		return;
	}
	for (size_t i = 0; i < jvms->count; i++) {
		const char *size = rows_get(jvms, i, "heap"),
			   *program = rows_get(jvms, i, "program");

		if (!size || !str_to_int(size, &heap) || heap < 0 || heap > INT64_MAX - sum)
			continue;
		sum += heap;
		finding_context(finding,
		                (struct evidence){ .what = program ? program : "java",
		                                   .actual = VERBATIM(oms_bytes(in->arena, heap)),
		                                   .from = "-Xmx" });
	}
	if (sum <= total)
		return;
	finding_fail(finding, (struct evidence){ .what = "-Xmx",
	                                         .expected = NOTE(TEXT_check_oms_at_most,
	                                                          oms_bytes(in->arena, total)),
	                                         .actual = VERBATIM(oms_bytes(in->arena, sum)),
	                                         .from = basis });
	finding_value(finding, "heap", oms_bytes(in->arena, sum));
	finding_value(finding, "total", oms_bytes(in->arena, total));
}

const struct check check_oms_jvm_heap = {
	.id = "oms.jvm-heap",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_host_jvms, FACT_host_memory),
	.judge = judge,
};
