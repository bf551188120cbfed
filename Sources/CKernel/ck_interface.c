#define _GNU_SOURCE
#include "ck_interface.h"
#include "answer.h"
#include <net/if.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int ck_interface_up(const char *name)
{
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    request.ifr_flags = IFF_UP;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int answer = ANSWER(ioctl(fd, SIOCSIFFLAGS, &request));
    close(fd);
    return answer;
}

int ck_send_frame(int index, const void *bytes, size_t count)
{
    struct sockaddr_ll target = { .sll_family = AF_PACKET, .sll_ifindex = index, .sll_halen = 6 };
    // Protocol 0: nothing is received.
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (fd < 0) return -errno;
    int answer = ANSWER(sendto(fd, bytes, count, 0, (const struct sockaddr *)&target, sizeof target));
    close(fd);
    return answer;
}
