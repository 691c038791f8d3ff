#ifndef CMD_BUNDLE_H
#define CMD_BUNDLE_H

#include "cmd/render/diagnose.h"
#include "cmd/run.h"

/*
 * --bundle FILE: what a support case needs in one file (schema "migdoctor/bundle/1";
 * cmd/schema/bundle.json): the facts, the diagnosis, the logs that were looked at and the codes in
 * them. No secret stands in it: what looks like one is masked, and so is each password of the plan.
 * Does nothing without the option.
 */
int bundle_write(struct run *run, const struct diagnosed *diagnosed);

#endif
