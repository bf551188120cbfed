#define _GNU_SOURCE
#include "ck_socket.h"
#include "answer.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST = 16 };

int ck_packet_pair(int ends[2]) { return ANSWER(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)); }

static int with_address(const char *path, int type, int (*use)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path) return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length + 1);
    // A name in no file system starts with NUL, and is as long as the caller says.
    if (path[0] == '@') address.sun_path[0] = 0;
    socklen_t size = path[0] == '@' ? offsetof(struct sockaddr_un, sun_path) + length : sizeof address;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int used = ANSWER(use(fd, (const struct sockaddr *)&address, size));
    if (used >= 0) return fd;
    close(fd);
    return used;
}
int ck_connect_unix(const char *path) { return with_address(path, SOCK_STREAM, connect); }
int ck_connect_unix_datagram(const char *path) { return with_address(path, SOCK_DGRAM, connect); }
int ck_connect_unix_packet(const char *path) { return with_address(path, SOCK_SEQPACKET, connect); }
int ck_shutdown_writing(int fd) { return ANSWER(shutdown(fd, SHUT_WR)); }
int ck_bind_unix_datagram(const char *path) { return with_address(path, SOCK_DGRAM, bind); }
int ck_listen_unix(const char *path, int backlog)
{
    int fd = with_address(path, SOCK_STREAM, bind);
    if (fd < 0) return fd;
    int listening = ANSWER(listen(fd, backlog));
    if (listening >= 0) return fd;
    close(fd);
    return listening;
}
int ck_accept(int fd) { return ANSWER(accept4(fd, NULL, NULL, SOCK_CLOEXEC)); }
ssize_t ck_send(int fd, const void *bytes, size_t count) { return ANSWER(send(fd, bytes, count, MSG_NOSIGNAL)); }
ssize_t ck_receive(int fd, void *bytes, size_t count) { return ANSWER(recv(fd, bytes, count, 0)); }

ssize_t ck_send_descriptors(int fd, const void *bytes, size_t count, const int *fds, unsigned fd_count)
{
    union { char room[CMSG_SPACE(sizeof(int) * MOST)]; struct cmsghdr align; } control;
    memset(&control, 0, sizeof control);
    if (fd_count > MOST) return -EINVAL;
    struct iovec part = { .iov_base = (void *)bytes, .iov_len = count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = CMSG_SPACE(sizeof(int) * fd_count) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * fd_count);
    return ANSWER(sendmsg(fd, &message, MSG_NOSIGNAL));
}
ssize_t ck_receive_descriptors(int fd, void *bytes, size_t count, int *fds, unsigned *fd_count)
{
    union { char room[CMSG_SPACE(sizeof(int) * MOST)]; struct cmsghdr align; } control;
    struct iovec part = { .iov_base = bytes, .iov_len = count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room,
        .msg_controllen = sizeof control.room };
    unsigned room = *fd_count, found = 0;
    ssize_t received = ANSWER(recvmsg(fd, &message, MSG_CMSG_CLOEXEC));
    for (struct cmsghdr *header = received < 0 ? NULL : CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        unsigned sent = (unsigned)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        for (unsigned i = 0; i < sent; i++) {
            int one;
            memcpy(&one, CMSG_DATA(header) + i * sizeof(int), sizeof one);
            if (found < room) fds[found++] = one; else close(one);
        }
    }
    *fd_count = found;
    return received;
}

union inet { struct sockaddr any; struct sockaddr_in four; struct sockaddr_in6 six; };

// The length of the address; 0 when the text is none.
static socklen_t inet_address(union inet *out, const char *address, uint16_t port)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, address, &out->four.sin_addr) == 1) {
        out->four.sin_family = AF_INET;
        out->four.sin_port = htons(port);
        return sizeof out->four;
    }
    if (inet_pton(AF_INET6, address, &out->six.sin6_addr) != 1) return 0;
    out->six.sin6_family = AF_INET6;
    out->six.sin6_port = htons(port);
    return sizeof out->six;
}
static int use_inet(const char *address, uint16_t port, int type, int (*use)(int, const struct sockaddr *, socklen_t))
{
    union inet place;
    socklen_t size = inet_address(&place, address, port);
    if (!size) return -EINVAL;
    int fd = socket(place.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return -errno;
    int answer = ANSWER(use(fd, &place.any, size));
    if (answer >= 0 || answer == -EINPROGRESS) return fd;
    close(fd);
    return answer;
}
int ck_connect_inet(const char *address, uint16_t port) { return use_inet(address, port, SOCK_STREAM, connect); }
int ck_connect_inet_datagram(const char *address, uint16_t port) { return use_inet(address, port, SOCK_DGRAM, connect); }

static int bind_freely(int fd, const struct sockaddr *address, socklen_t size)
{
    int on = 1, type = 0;
    socklen_t length = sizeof type;
    // An address which is not there yet, or whose link is down, can be waited on.
    if (setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof on) < 0) return -1;
    if (address->sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0) return -1;
    // For datagrams this would let a second socket take the port.
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0) return -1;
    if (type == SOCK_STREAM && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) return -1;
    return bind(fd, address, size);
}
int ck_bind_inet(const char *address, uint16_t port, int type) { return use_inet(address, port, type, bind_freely); }

int ck_bound_port(int fd)
{
    union inet place;
    socklen_t size = sizeof place;
    int answer = ANSWER(getsockname(fd, &place.any, &size));
    if (answer < 0) return answer;
    return ntohs(place.any.sa_family == AF_INET ? place.four.sin_port : place.six.sin6_port);
}
int ck_socket_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    int answer = ANSWER(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size));
    return answer < 0 ? answer : error;
}
