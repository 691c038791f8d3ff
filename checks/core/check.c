#include "checks/core/check.h"

#include "catalog/base/str.h"

static const char *const modes[MODE_COUNT] = {
	[MODE_ONLINE] = "online",
	[MODE_OFFLINE] = "offline",
	[MODE_BACKUP] = "backup",
};

const char *mode_name(enum mode mode)
{
	return modes[mode];
}

bool mode_find(const char *name, enum mode *ret)
{
	for (int i = 0; i < MODE_COUNT; i++) {
		if (str_equal(modes[i], name)) {
			*ret = (enum mode)i;
			return true;
		}
	}
	return false;
}

const struct param *param_find(const struct check_input *in, const char *name)
{
	for (const struct param *param = in->params; param && param->name; param++)
		if (str_equal(param->name, name))
			return param;
	return NULL;
}

const char *const *param_texts(const struct check_input *in, const char *name)
{
	static const char *const none[] = { NULL };
	const struct param *param = param_find(in, name);

	return param && param->texts ? param->texts : none;
}

bool words_have(const char *const *words, const char *text)
{
	for (; *words; words++)
		if (str_equal_nocase(*words, text))
			return true;
	return false;
}
