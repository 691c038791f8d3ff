#ifndef CMD_LANG_H
#define CMD_LANG_H

#include "catalog/text.h"

/* Chinese for a locale that starts with zh, as LC_ALL, LC_MESSAGES or LANG names it, the first that is
 * set; English otherwise. --lang wins over it. */
enum lang lang_of_environment(void);

#endif
