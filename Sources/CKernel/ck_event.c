#define _GNU_SOURCE
#include "ck_event.h"
#include "answer.h"
#include <sys/eventfd.h>
#include <sys/inotify.h>

int ck_eventfd(void) { return ANSWER(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }
int ck_inotify_init(void) { return ANSWER(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)); }
int ck_inotify_watch_changes(int inotify, const char *path)
{
    return ANSWER(inotify_add_watch(inotify, path, IN_MODIFY));
}
int ck_inotify_watch_departures(int inotify, const char *path)
{
    return ANSWER(inotify_add_watch(inotify, path, IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR));
}
