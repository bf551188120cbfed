// Network interfaces by ioctl.
#ifndef CK_INTERFACE_H
#define CK_INTERFACE_H

// Sets IFF_UP of `name`, at most 15 bytes, in the caller's network namespace.
int ck_interface_up(const char *name);
#endif
