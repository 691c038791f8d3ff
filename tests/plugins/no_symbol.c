/* Refused: exports another name. */
#define SYMBOL some_other_plugin
#include "tests/plugins/refused.h"
