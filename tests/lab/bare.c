/*
 * bare FILE: what a check costs at least. FILE has a line "host port user password" for each server and
 * the statements for it in the lines after it, then an empty line. Each server is connected to and
 * asked one statement after the other, with Connector/C and nothing else. For `make bench`.
 */
#include <mysql.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(MYSQL *mysql, const char *what)
{
	fprintf(stderr, "bare: %s: %s\n", what, mysql_error(mysql));
	exit(70);
}

static MYSQL *sign_in(const char *line)
{
	MYSQL *mysql = mysql_init(NULL);
	char host[200], user[100], password[100];
	unsigned port;

	if (sscanf(line, "%199s %u %99s %99s", host, &port, user, password) != 4)
		fail(mysql, "a line is host port user password");
	if (!mysql_real_connect(mysql, host, user, password, NULL, port, NULL, 0))
		fail(mysql, host);
	return mysql;
}

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	MYSQL *mysql = NULL;
	char line[65536];

	if (!file) {
		fputs("usage: bare FILE\n", stderr);
		return 64;
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line) {
			mysql_close(mysql);
			mysql = NULL;
		} else if (!mysql) {
			mysql = sign_in(line);
		} else {
			if (mysql_query(mysql, line))
				fail(mysql, line);
			mysql_free_result(mysql_store_result(mysql));
		}
	}
	fclose(file);
	return 0;
}
