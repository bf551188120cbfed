// Network interfaces by ioctl.
#ifndef CK_INTERFACE_H
#define CK_INTERFACE_H
// The same for every C module: types of the C library differ with it, and modules must agree.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

// Sets IFF_UP of `name`, at most 15 bytes, in the caller's network namespace.
int ck_interface_up(const char *name);
#endif
