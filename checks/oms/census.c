#include "checks/oms/census.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/oms/index.h"

#include <inttypes.h>
#include <string.h>

const struct rows *rows_known(const struct fact_rows *fact)
{
	static const struct rows none;

	return fact->is.state == FACT_KNOWN ? &fact->rows : &none;
}

const char *cell_text(const struct rows *rows, size_t row, const char *column)
{
	const char *cell = rows_get(rows, row, column);

	return cell && *cell ? cell : NULL;
}

void finding_partial(const struct check_input *in, struct finding *finding, enum fact_id id)
{
	enum endpoint_id owner = fact_infos[id].owner == OWNER_cm ? ENDPOINT_CM : ENDPOINT_CONSOLE;
	const struct fact *fact = fact_of(&in->facts->at[owner], id);
	const struct rows *rows = rows_known((const struct fact_rows *)(const void *)fact);

	if (rows->total > rows->count)
		finding_unknown(finding, NOTE(TEXT_oms_not_all, fact_infos[id].name,
		                              arena_printf(in->arena, "%zu", rows->count),
		                              arena_printf(in->arena, "%" PRIu64, rows->total)));
}

/* --- projects and what is theirs -------------------------------------------------------------- */

static struct project *project_of(struct project *projects, struct index *index,
                                  const struct rows *rows, size_t row, const char *column)
{
	const char *id = cell_text(rows, row, column);
	struct project *project;

	if (!id)
		return NULL;
	project = &projects[index_put(index, id)];
	if (!project->id) {
		project->id = id;
		project->first_step = project->first_component = CENSUS_END;
	}
	return project;
}

static void add_projects(struct project *projects, struct index *index, const struct rows *rows)
{
	for (size_t row = 0; row < rows->count; row++) {
		struct project *project = project_of(projects, index, rows, row, "id");

		if (!project)
			continue;
		project->name = cell_text(rows, row, "name");
		project->type = cell_text(rows, row, "type");
		project->status = cell_text(rows, row, "status");
	}
}

/* Chains rows from the last to the first, so that each chain is in the order of the rows. */
static const size_t *chain(struct arena *arena, struct project *projects, struct index *index,
                           const struct rows *rows, size_t first)
{
	size_t *next = arena_array(arena, rows->count + 1, sizeof(*next));

	for (size_t i = 0; i < rows->count; i++)
		project_of(projects, index, rows, i, "project");
	for (size_t row = rows->count; row-- > 0;) {
		struct project *project = project_of(projects, index, rows, row, "project");
		size_t *head;

		if (!project)
			continue;
		head = (size_t *)(void *)((char *)project + first);
		next[row] = *head;
		*head = row;
	}
	return next;
}

const struct census *census_read(const struct check_input *in)
{
	const struct console_facts *console = &in->facts->at[ENDPOINT_CONSOLE].console;
	const struct rows *listed = rows_known(&console->projects);
	struct census *census = arena_new_of(in->arena, struct census);
	struct project *projects;
	struct index *index;
	size_t most;

	census->steps = rows_known(&console->steps);
	census->components = rows_known(&console->components);
	most = listed->count + census->steps->count + census->components->count;
	index = index_new(in->arena, most);
	projects = arena_array(in->arena, most + 1, sizeof(*projects));
	add_projects(projects, index, listed);
	census->next_step = chain(in->arena, projects, index, census->steps,
	                          offsetof(struct project, first_step));
	census->next_component = chain(in->arena, projects, index, census->components,
	                               offsetof(struct project, first_component));
	census->projects = projects;
	census->count = index_count(index);
	return census;
}

bool project_is_asked(const struct check_input *in, const struct project *project)
{
	const char *const *migration = param_texts(in, "asked_migration");
	const char *const *sync = param_texts(in, "asked_sync");
	bool narrows = false;

	for (const char *const *asked = in->intent->asked; asked && *asked; asked++) {
		bool of_migration = words_have(migration, *asked),
		     of_sync = words_have(sync, *asked);

		if (!project->type ||
		    (of_migration && str_equal_nocase(project->type, "MIGRATION")) ||
		    (of_sync && str_equal_nocase(project->type, "SYNC")))
			return true;
		narrows |= of_migration || of_sync;
	}
	return !narrows;
}

const char *project_written(struct arena *arena, const struct project *project)
{
	return project->name ? arena_printf(arena, "%s (%s)", project->id, project->name)
	                     : project->id;
}

/* --- names of components -------------------------------------------------------------------- */

bool kind_is_store(const char *kind)
{
	return kind && (str_equal(kind, "store") || str_equal(kind, "reverse_store"));
}

/* The two colons around the subtopic. An address of IPv6 has colons, too, so they are the last. */
static bool find_colons(const char *name, const char **ret_first, const char **ret_last)
{
	const char *last = name ? strrchr(name, ':') : NULL, *first = last;

	while (first && first > name && *--first != ':')
		;
	if (!first || first == last || *first != ':' || last == first + 1)
		return false;
	*ret_first = first;
	*ret_last = last;
	return true;
}

const char *store_subtopic(struct arena *arena, const char *name)
{
	const char *first, *last;

	if (!find_colons(name, &first, &last))
		return NULL;
	return arena_strndup(arena, first + 1, (size_t)(last - first - 1));
}

const char *store_port(struct arena *arena, const char *name)
{
	const char *first, *last, *at;

	if (!find_colons(name, &first, &last))
		return NULL;
	for (at = first; at > name && at[-1] >= '0' && at[-1] <= '9';)
		at--;
	if (at == first || at == name || at[-1] != '-')
		return NULL;
	return arena_strndup(arena, at, (size_t)(first - at));
}

bool name_is_plain(const char *name)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:";

	return name && *name && !name[strspn(name, plain)];
}

const char *component_log(const struct check_input *in, size_t row)
{
	const struct rows *components =
		rows_known(&in->facts->at[ENDPOINT_CONSOLE].console.components);
	const char *name = cell_text(components, row, "name");
	bool is_store = kind_is_store(cell_text(components, row, "kind"));
	const char *port = store_port(in->arena, name);
	const char *const *path = param_texts(in, is_store ? "store_log" : "run_log");
	const char *const values[] = { "name", name, "port", port, NULL };

	if (!name_is_plain(name) || !*path || (is_store && !port))
		return NULL;
	return text_fill(in->arena, *path, values);
}
