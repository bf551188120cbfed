// AF_UNIX sockets and descriptors sent over them; TCP connections.
#ifndef CK_SOCKET_H
#define CK_SOCKET_H
#include <stdint.h>
#include <sys/types.h>

// A connected pair of SOCK_SEQPACKET sockets: one message is one packet.
int ck_packet_pair(int ends[2]);
// A stream socket connected to the AF_UNIX `path`, where @ in front means a name in no file system; -ENAMETOOLONG where the path does not fit.
int ck_connect_unix(const char *path);
// The same for datagrams; the second is bound to `path`.
int ck_connect_unix_datagram(const char *path);
int ck_bind_unix_datagram(const char *path);
// The same for SOCK_SEQPACKET.
int ck_connect_unix_packet(const char *path);
int ck_shutdown_writing(int fd);
// A stream socket which listens at `path`, with room for `backlog` callers.
int ck_listen_unix(const char *path, int backlog);
int ck_accept(int fd);
ssize_t ck_send(int fd, const void *bytes, size_t count);
ssize_t ck_receive(int fd, void *bytes, size_t count);
// One message with up to 16 descriptors.
ssize_t ck_send_descriptors(int fd, const void *bytes, size_t count, const int *fds, unsigned fd_count);
// `fd_count`: room in, number received out. Received descriptors are close-on-exec.
ssize_t ck_receive_descriptors(int fd, void *bytes, size_t count, int *fds, unsigned *fd_count);

// Starts a TCP connection to an IPv4 or IPv6 `address` in text; the socket does not block. -EINVAL when it is no address.
int ck_connect_inet(const char *address, uint16_t port);
// The same for datagrams, which takes no time.
int ck_connect_inet_datagram(const char *address, uint16_t port);
// A socket of the type SOCK_STREAM or SOCK_DGRAM, bound to an IPv4 or IPv6 `address` in text, which need not be there yet. It does not
// block, and one for IPv6 takes nothing of IPv4. -EINVAL when it is no address.
int ck_bind_inet(const char *address, uint16_t port, int type);
// The port a socket of IPv4 or IPv6 is bound to.
int ck_bound_port(int fd);
// The pending error of a socket as a positive number, 0 when there is none. SO_ERROR.
int ck_socket_error(int fd);
#endif
