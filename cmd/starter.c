#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/*
 * Starts the migdoctor of a bundle with the libraries that stand beside it, whatever the host has or
 * lacks. It is static, because an empty root has no loader and no shell, and it finds its folder by
 * what the kernel was told to execute, because an empty root has no /proc.
 */

#define LOADER "ld-linux-x86-64.so.2"

/* Folder of the started file, or NULL. */
static const char *own_folder(char resolved[PATH_MAX])
{
	const char *file = (const char *)getauxval(AT_EXECFN);
	char *slash;

	if (!file || !realpath(file, resolved))
		return NULL;
	slash = strrchr(resolved, '/');
	*slash = '\0';
	return resolved;
}

static char *path_in(const char *folder, const char *rest)
{
	char *path;

	return asprintf(&path, "%s/%s", folder, rest) < 0 ? NULL : path;
}

static int fail(const char *what)
{
	fprintf(stderr, "migdoctor: the bundle cannot be started: %s: %s\n", what, strerror(errno));
	return 70;
}

int main(int argc, char **argv)
{
	char resolved[PATH_MAX];
	const char *folder = own_folder(resolved);
	char *loader, *libraries, *program, **words;
	size_t count = 0;

	if (!folder)
		return fail("its folder is not found");
	loader = path_in(folder, "lib/" LOADER);
	libraries = path_in(folder, "lib");
	program = path_in(folder, "lib/migdoctor");
	words = calloc((size_t)argc + 8, sizeof(*words));
	if (!loader || !libraries || !program || !words)
		return fail("memory");
	/* The loader's cache is the host's: it would name the host's libraries. */
	words[count++] = loader;
	words[count++] = (char[]){ "--inhibit-cache" };
	words[count++] = (char[]){ "--library-path" };
	words[count++] = libraries;
	words[count++] = program;
	for (int i = 1; i < argc; i++)
		words[count++] = argv[i];
	/* Sign-in methods of the MySQL family are opened by file name; this is where the client
	 * library looks first. */
	if (setenv("MARIADB_PLUGIN_DIR", path_in(folder, "lib/plugin"), 1) != 0)
		return fail("environment");
	/* What the host preloads is made for the host's own libraries. */
	unsetenv("LD_PRELOAD");
	execv(loader, words);
	return fail(loader);
}
