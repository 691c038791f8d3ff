#ifndef CHECKS_CORE_SQL_H
#define CHECKS_CORE_SQL_H

struct arena;

/*
 * The gate that SQL of profiles and plugins passes before anything connects. A read-only session
 * does not stop SET GLOBAL, FLUSH LOGS or INTO OUTFILE, so the text itself is looked at: one
 * statement, whose first word is SELECT, WITH, SHOW or EXPLAIN, without INTO, FOR UPDATE, FOR
 * SHARE, LOCK IN SHARE MODE, executable comments, or calls of GET_LOCK, SLEEP, BENCHMARK, LOAD_FILE
 * and their like. Words inside quoted strings and quoted names are data and pass.
 * What servers, versions or SQL modes read in different ways is refused, too, with the way to write it
 * that has one meaning. Returns NULL where the statement may run, else what is wrong with it, as a
 * sentence for after a colon, in the arena.
 */
const char *sql_refusal(struct arena *arena, const char *sql);

#endif
