/* Paths of recipes and in recipes. */
#ifndef S2S_RECIPE_PATH_H
#define S2S_RECIPE_PATH_H

#include "base/err.h"
#include "base/memory.h"

/* `path`, absolute and without symbolic links; *real NULL: no such file. */
s2s_status s2s_path_real(char **real, const char *path, s2s_arena *arena, s2s_err *err);
/* The absolute folder in which the file `path` lies, without symbolic links where the folder
 * exists. */
s2s_status s2s_path_folder(char **folder, const char *path, s2s_arena *arena, s2s_err *err);
/* `path` as seen from `folder` (absolute, from s2s_path_folder), absolute, without leading "./" and
 * "../". */
s2s_status s2s_path_absolute(char **absolute, const char *folder, const char *path,
                             s2s_arena *arena, s2s_err *err);
/* The other way: `path` (absolute) as seen from `folder` (absolute, without symbolic links). s2s_path_absolute gives
 * it back but for "..", "." and double slashes within. */
s2s_status s2s_path_relative(char **relative, const char *folder, const char *path,
                             s2s_arena *arena, s2s_err *err);
/* How a path `name` in the file `path` is shown in messages: seen from where `path` is seen. */
char *s2s_path_beside(const char *path, const char *name, s2s_arena *arena, s2s_err *err);
/* The file's name without folder and without ".yaml" or ".yml". */
char *s2s_path_stem(const char *path, s2s_arena *arena, s2s_err *err);

#endif
