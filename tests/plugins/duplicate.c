/* Refused: brings an id that migdoctor itself has. */
#define ID "replication.binlog-format"
#include "tests/plugins/refused.h"
