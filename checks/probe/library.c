#include "checks/probe/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char *find_functions(const struct library_need *need, void *handle, void *table)
{
	for (size_t i = 0; i < need->count; i++) {
		const struct library_function *function = &need->functions[i];
		void *symbol = dlsym(handle, function->name);

		if (!symbol)
			return function->name;
		memcpy((char *)table + function->offset, &symbol, sizeof(symbol));
	}
	return NULL;
}

void *library_open(const struct library_need *need, void *table, char *ret_why, size_t size)
{
	void *handle = dlopen(need->file, RTLD_NOW | RTLD_LOCAL);
	const char *missing;

	if (!handle) {
		snprintf(ret_why, size, "%s; install the package %s", dlerror(), need->package);
		return NULL;
	}
	missing = find_functions(need, handle, table);
	if (!missing)
		return handle;
	snprintf(ret_why, size, "%s lacks %s; install the package %s", need->file, missing,
	         need->package);
	dlclose(handle);
	return NULL;
}
