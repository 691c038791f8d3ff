#ifndef CATALOG_BASE_BANNED_H
#define CATALOG_BASE_BANNED_H

/*
 * Functions that this project does not use, made a compile error with the reason in the message.
 * The Makefile includes this header into every file of the product (-include). System headers
 * come first, because poisoning a name also forbids declaring it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define BANNED(name, instead) name##_is_banned_use_##instead
#undef strcpy
#define strcpy(...) BANNED(strcpy, arena_strdup)
#undef strcat
#define strcat(...) BANNED(strcat, str_add)
#undef strncpy
#define strncpy(...) BANNED(strncpy, arena_strndup)
#undef strncat
#define strncat(...) BANNED(strncat, str_add_n)
#undef sprintf
#define sprintf(...) BANNED(sprintf, str_addf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf, arena_vprintf)
#undef strtok
#define strtok(...) BANNED(strtok, strcspn)
#undef atoi
#define atoi(...) BANNED(atoi, str_to_int)
#undef atol
#define atol(...) BANNED(atol, str_to_int)
#undef gmtime
#define gmtime(...) BANNED(gmtime, gmtime_r)
#undef localtime
#define localtime(...) BANNED(localtime, localtime_r)
#undef ctime
#define ctime(...) BANNED(ctime, clock_rfc3339)
#undef asctime
#define asctime(...) BANNED(asctime, clock_rfc3339)

#endif
