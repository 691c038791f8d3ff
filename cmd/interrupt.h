#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

/* From here on SIGINT and SIGTERM stop the gathering instead of the process; a second one ends the
 * process at once. Returns a descriptor that becomes readable with the first; -1 where there is
 * none to be had. */
int interrupt_catch(void);

/* The number of the signal that came, or 0. */
int interrupt_signal(void);

#endif
