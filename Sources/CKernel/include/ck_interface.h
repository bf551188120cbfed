// Network interfaces: by ioctl, and below IP.
#ifndef CK_INTERFACE_H
#define CK_INTERFACE_H
#include <stddef.h>

// Sets IFF_UP of `name`, at most 15 bytes, in the caller's network namespace.
int ck_interface_up(const char *name);
// Sends a whole Ethernet frame out of the interface with the index.
int ck_send_frame(int index, const void *bytes, size_t count);
#endif
