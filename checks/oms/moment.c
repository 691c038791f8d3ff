#include "checks/oms/moment.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <inttypes.h>
#include <string.h>

/* 2100-01-01. A number from there to 1973 in milliseconds is no time of any migration. */
#define LATEST INT64_C(4102444800)
#define LEAST_MS INT64_C(100000000000)
#define DAY 86400
/* No zone is further from UTC. */
#define FARTHEST (18 * 3600)

struct date {
	int64_t year, month, day;
};

/* Days since 1970-01-01 of the Gregorian calendar, whose years begin in March here, so that the
 * leap day is the last of one. */
static int64_t days_of(struct date date)
{
	int64_t year = date.month > 2 ? date.year : date.year - 1;
	int64_t month = (date.month + 9) % 12;

	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date.day -
	       719469;
}

static struct date date_of(int64_t days)
{
	int64_t shifted = days + 719468, era = shifted / 146097, in_era = shifted % 146097;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;
	struct date date = {
		.year = year + era * 400,
		.month = month < 10 ? month + 3 : month - 9,
		.day = in_year - (153 * month + 2) / 5 + 1,
	};

	date.year += date.month <= 2;
	return date;
}

/* Takes exactly `count` digits. */
static bool take_digits(const char **at, int count, int64_t *ret)
{
	int64_t number = 0;

	for (int i = 0; i < count; i++, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		number = number * 10 + (**at - '0');
	}
	*ret = number;
	return true;
}

static bool take_char(const char **at, const char *any)
{
	if (!**at || !strchr(any, **at))
		return false;
	++*at;
	return true;
}

static bool take_date(const char **at, struct date *ret)
{
	struct date again;

	if (!take_digits(at, 4, &ret->year) || !take_char(at, "-") ||
	    !take_digits(at, 2, &ret->month) || !take_char(at, "-") ||
	    !take_digits(at, 2, &ret->day) || ret->year < 1970 || ret->month < 1 || ret->month > 12)
		return false;
	again = date_of(days_of(*ret));
	return again.month == ret->month && again.day == ret->day;
}

static bool take_time(const char **at, int64_t *ret)
{
	int64_t hour, minute, second = 0;

	if (!take_digits(at, 2, &hour) || !take_char(at, ":") || !take_digits(at, 2, &minute))
		return false;
	if (take_char(at, ":") && !take_digits(at, 2, &second))
		return false;
	if (take_char(at, ".,"))
		*at += strspn(*at, "0123456789");
	*ret = hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 60;
}

/* What is left is a zone or nothing. */
static bool take_zone(const char *at, int64_t otherwise, int64_t *ret)
{
	int64_t hour, minute;
	char sign = *at;

	*ret = otherwise;
	if (!*at)
		return true;
	if (str_equal_nocase(at, "Z") || str_equal_nocase(at, " UTC")) {
		*ret = 0;
		return true;
	}
	if (!take_char(&at, "+-") || !take_digits(&at, 2, &hour))
		return false;
	take_char(&at, ":");
	if (!take_digits(&at, 2, &minute) || *at)
		return false;
	*ret = (hour * 3600 + minute * 60) * (sign == '-' ? -1 : 1);
	return minute < 60 && hour <= FARTHEST / 3600;
}

static bool read_number(const char *text, int64_t *ret)
{
	long long number;

	if (!str_to_int(text, &number))
		return false;
	if (number >= LEAST_MS)
		number /= 1000;
	if (number <= 0 || number >= LATEST)
		return false;
	*ret = number;
	return true;
}

bool moment_read(const char *text, int64_t zone_seconds, int64_t *ret)
{
	struct date date;
	int64_t time, zone, seconds;

	if (!text)
		return false;
	if (read_number(text, ret))
		return true;
	if (!take_date(&text, &date) || !take_char(&text, "T ") || !take_time(&text, &time) ||
	    !take_zone(text, zone_seconds, &zone))
		return false;
	seconds = days_of(date) * DAY + time - zone;
	if (seconds <= 0 || seconds >= LATEST)
		return false;
	*ret = seconds;
	return true;
}

const char *moment_written(struct arena *arena, int64_t seconds, int64_t zone_seconds)
{
	int64_t local = seconds + zone_seconds, time = local % DAY;
	int64_t far = zone_seconds < 0 ? -zone_seconds : zone_seconds;
	struct date date = date_of(local / DAY);
	const char *zone = "Z";

	if (zone_seconds)
		zone = arena_printf(arena, "%c%02d:%02d", zone_seconds < 0 ? '-' : '+',
		                    (int)(far / 3600), (int)(far / 60 % 60));
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s (%" PRId64 ")", (int)date.year,
	                    (int)date.month, (int)date.day, (int)(time / 3600),
	                    (int)(time / 60 % 60), (int)(time % 60), zone, seconds);
}

int64_t moment_zone(const struct check_input *in)
{
	const struct fact_number *zones[] = {
		&in->facts->at[ENDPOINT_HOST].host.host_zone_seconds,
		&in->facts->at[ENDPOINT_METADB].metadb.zone_seconds,
	};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (zones[i]->is.state == FACT_KNOWN && zones[i]->value > -FARTHEST &&
		    zones[i]->value < FARTHEST)
			return zones[i]->value;
	return 0;
}
