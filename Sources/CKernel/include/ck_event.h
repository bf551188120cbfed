// Descriptors which become readable when something happens. eventfd(2), inotify(7).
#ifndef CK_EVENT_H
#define CK_EVENT_H
#include <stdint.h>

// Non-blocking, close-on-exec.
int ck_eventfd(void);
int ck_inotify_init(void);
// Watches for writes to `path`, which is how the kernel tells that a control file has changed.
int ck_inotify_watch_changes(int inotify, const char *path);
// Watches for entries which leave the directory `path`, by removal or by another name.
int ck_inotify_watch_departures(int inotify, const char *path);
#endif
