/* Refused: built for another ABI. */
#define ABI (MIGDOCTOR_PLUGIN_ABI + 1)
#include "tests/plugins/refused.h"
