// The bare netlink requests of one attachment to a bridge, in one process: the limit of what a plugin can do.
// network-floor add BRIDGE NETNS HOST-LINK ADDRESS GATEWAY | network-floor del HOST-LINK
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    char body[1024];
};

static void fail(const char *step, int error) {
    fprintf(stderr, "%s: %s\n", step, strerror(error));
    exit(1);
}

static void begin(struct request *r, int type, int flags, const void *fixed, int length) {
    memset(r, 0, sizeof *r);
    r->header.nlmsg_type = type;
    r->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    r->header.nlmsg_len = NLMSG_LENGTH(length);
    memcpy(NLMSG_DATA(&r->header), fixed, length);
}

static struct rtattr *put(struct request *r, int type, const void *data, int length) {
    struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->header.nlmsg_len));
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(length);
    if (length) memcpy(RTA_DATA(a), data, length);
    r->header.nlmsg_len = NLMSG_ALIGN(r->header.nlmsg_len) + RTA_ALIGN(a->rta_len);
    return a;
}

static void close_nest(struct request *r, struct rtattr *nest) {
    nest->rta_len = (char *)r + NLMSG_ALIGN(r->header.nlmsg_len) - (char *)nest;
}

static int open_socket(void) {
    int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (s < 0) fail("socket", errno);
    return s;
}

// Sends `count` requests in one piece and waits for all acknowledgements.
static void talk(int s, const char *step, struct request *requests[], int count) {
    char buffer[4096];
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        memcpy(buffer + used, requests[i], requests[i]->header.nlmsg_len);
        used += NLMSG_ALIGN(requests[i]->header.nlmsg_len);
    }
    if (send(s, buffer, used, 0) < 0) fail(step, errno);
    while (count > 0) {
        char answer[8192];
        int length = recv(s, answer, sizeof answer, 0);
        if (length < 0) fail(step, errno);
        for (struct nlmsghdr *h = (struct nlmsghdr *)answer; NLMSG_OK(h, length); h = NLMSG_NEXT(h, length)) {
            if (h->nlmsg_type != NLMSG_ERROR) continue;
            struct nlmsgerr *e = NLMSG_DATA(h);
            if (e->error) fail(step, -e->error);
            count--;
        }
    }
}

static void make_veth(int s, int bridge, int netns, const char *host) {
    struct request r;
    struct ifinfomsg head = {.ifi_flags = IFF_UP, .ifi_change = IFF_UP}, peer_head = {0};
    begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
    put(&r, IFLA_IFNAME, host, strlen(host) + 1);
    put(&r, IFLA_MASTER, &bridge, sizeof bridge);
    struct rtattr *info = put(&r, IFLA_LINKINFO, NULL, 0);
    put(&r, IFLA_INFO_KIND, "veth", 4);
    struct rtattr *data = put(&r, IFLA_INFO_DATA, NULL, 0);
    struct rtattr *peer = put(&r, VETH_INFO_PEER, &peer_head, sizeof peer_head);
    put(&r, IFLA_IFNAME, "eth0", 5);
    put(&r, IFLA_NET_NS_FD, &netns, sizeof netns);
    close_nest(&r, peer);
    close_nest(&r, data);
    close_nest(&r, info);
    talk(s, "veth", (struct request *[]){&r}, 1);
}

static void set_address(in_addr_t address, in_addr_t gateway) {
    int index = if_nametoindex("eth0"), s = open_socket();
    struct ifinfomsg up = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    struct ifaddrmsg owner = {.ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = index};
    struct rtmsg route = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT, .rtm_type = RTN_UNICAST};
    struct request a, b, c;
    begin(&a, RTM_NEWLINK, 0, &up, sizeof up);
    begin(&b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &owner, sizeof owner);
    put(&b, IFA_LOCAL, &address, 4);
    put(&b, IFA_ADDRESS, &address, 4);
    begin(&c, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &route, sizeof route);
    put(&c, RTA_GATEWAY, &gateway, 4);
    put(&c, RTA_OIF, &index, sizeof index);
    talk(s, "address and route", (struct request *[]){&a, &b, &c}, 3);
}

int main(int count, char **words) {
    if (count == 7 && !strcmp(words[1], "add")) {
        int netns = open(words[3], O_RDONLY | O_CLOEXEC);
        if (netns < 0) fail(words[3], errno);
        make_veth(open_socket(), if_nametoindex(words[2]), netns, words[4]);
        if (setns(netns, CLONE_NEWNET)) fail("setns", errno);
        set_address(inet_addr(words[5]), inet_addr(words[6]));
        return 0;
    }
    if (count == 3 && !strcmp(words[1], "del")) {
        struct ifinfomsg head = {0};
        struct request r;
        begin(&r, RTM_DELLINK, 0, &head, sizeof head);
        put(&r, IFLA_IFNAME, words[2], strlen(words[2]) + 1);
        talk(open_socket(), "delete", (struct request *[]){&r}, 1);
        return 0;
    }
    fprintf(stderr, "network-floor add BRIDGE NETNS HOST-LINK ADDRESS GATEWAY | network-floor del HOST-LINK\n");
    return 2;
}
