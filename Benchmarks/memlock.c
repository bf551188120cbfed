// Preloaded into crun where RLIMIT_MEMLOCK may not be raised; see `measure`.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/resource.h>

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limits)
{
    int (*next)(__rlimit_resource_t, const struct rlimit *) = dlsym(RTLD_NEXT, "setrlimit");
    return resource == RLIMIT_MEMLOCK ? 0 : next(resource, limits);
}
