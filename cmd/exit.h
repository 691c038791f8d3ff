#ifndef CMD_EXIT_H
#define CMD_EXIT_H

/* The exit statuses; what 0 to 2 mean is each command's own (see migdoctor(1)). The numbers from 64
 * on are those of sysexits.h, which mail and cron understand. */
enum {
	EXIT_READY = 0,
	EXIT_BLOCKED = 1,
	EXIT_INCOMPLETE = 2,
	EXIT_USAGE = 64,
	EXIT_BUG = 70,
	EXIT_OUTPUT = 74,
	EXIT_CONFIG = 78,
	EXIT_SIGNAL = 128, /* plus the signal's number */
};

#endif
