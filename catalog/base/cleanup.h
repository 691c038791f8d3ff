#ifndef CATALOG_BASE_CLEANUP_H
#define CATALOG_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Handles that close themselves at the end of their block: `cleanup(cleanup_file) FILE *file = ...;` */
#define cleanup(function) __attribute__((cleanup(function)))

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

#endif
