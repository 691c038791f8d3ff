/* Refused: its SQL could do more than read. */
#define SQL "SET GLOBAL read_only = 1"
#include "tests/plugins/refused.h"
