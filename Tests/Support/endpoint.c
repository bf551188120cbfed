// endpoint: the other ends of the sockets a runtime speaks to, for checks which need a real one. Every receiver ends with 1 when nobody came in time.
//
//   endpoint console PATH [TEXT]     a console socket: prints what came with the terminal, types TEXT into it, prints what it shows
//   endpoint pidfd PATH              a pidfd socket: prints the descriptor's kind, its process's id, and how long it lived: until the end
//   endpoint agent PATH N            a seccomp agent: prints the state it is sent; mkdir(2) then fails with errno N, all other calls go on
//   endpoint notify PATH             a service manager: prints every datagram until it is ended by a signal
//   endpoint say PATH TEXT           one datagram to PATH, like sd_notify(3); \n in TEXT is a line end
//   endpoint keyring                 the name of this process's session keyring
// PATH may be a name in no file system, with @ in front.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/keyctl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static const int patience = 20000; // milliseconds

static void give_up(const char *what)
{
    fprintf(stderr, "endpoint: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int endpoint(const char *path, int type, int (*use)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address.sun_path) { errno = ENAMETOOLONG; give_up(path); }
    strcpy(address.sun_path, path);
    socklen_t size = sizeof address;
    if (path[0] == '@') {
        address.sun_path[0] = 0;
        size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    }
    int fd = socket(AF_UNIX, type, 0);
    if (fd < 0 || use(fd, (struct sockaddr *)&address, size) < 0) give_up(path);
    return fd;
}

static int wait_for(int fd, int milliseconds)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };
    return poll(&one, 1, milliseconds) == 1;
}

// The one message of the one client, and the one descriptor which must have come with it.
static int received(const char *path, char *text, size_t room)
{
    int server = endpoint(path, SOCK_STREAM, bind);
    if (listen(server, 1) < 0) give_up("listen");
    if (!wait_for(server, patience)) { errno = ETIMEDOUT; give_up("accept"); }
    int client = accept(server, NULL, NULL);
    union { char room[CMSG_SPACE(sizeof(int) * 4)]; struct cmsghdr align; } control;
    struct iovec part = { .iov_base = text, .iov_len = room - 1 };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room };
    if (client < 0 || !wait_for(client, patience)) give_up("receive");
    ssize_t count = recvmsg(client, &message, 0);
    struct cmsghdr *header = count < 0 ? NULL : CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(int))) {
        fprintf(stderr, "endpoint: not exactly one descriptor\n");
        exit(1);
    }
    text[count] = 0;
    int fd;
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

static void print_link(int fd)
{
    char path[64], target[256];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    printf("descriptor: %s\n", target);
}

static int console(const char *path, const char *typed)
{
    char text[4096];
    int master = received(path, text, sizeof text);
    printf("message: %s\n", text);
    printf("a terminal: %d\n", isatty(master));
    fflush(stdout);
    if (typed && write(master, typed, strlen(typed)) < 0) give_up("type");
    // A terminal nobody holds any more answers EIO.
    for (ssize_t count; wait_for(master, patience) && (count = read(master, text, sizeof text)) > 0;)
        if (write(1, text, (size_t)count) < 0) return 1;
    return 0;
}

static int pidfd(const char *path)
{
    char text[4096], line[256];
    int fd = received(path, text, sizeof text);
    print_link(fd);
    snprintf(line, sizeof line, "/proc/self/fdinfo/%d", fd);
    FILE *info = fopen(line, "r");
    while (info && fgets(line, sizeof line, info))
        if (strncmp(line, "Pid:", 4) == 0) printf("pid: %d\n", atoi(line + 4));
    printf("alive: %d\n", !wait_for(fd, 0));
    fflush(stdout);
    printf("ended: %d\n", wait_for(fd, patience));
    return 0;
}

static int makes_a_directory(int number)
{
#ifdef SYS_mkdir
    if (number == SYS_mkdir) return 1;
#endif
    return number == SYS_mkdirat;
}

static int agent(const char *path, int answer)
{
    static char text[65536];
    int listener = received(path, text, sizeof text);
    print_link(listener);
    printf("state: %s\n", text);
    fflush(stdout);
    while (wait_for(listener, patience)) {
        struct seccomp_notif call;
        struct seccomp_notif_resp response;
        memset(&call, 0, sizeof call);
        memset(&response, 0, sizeof response);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) {
            if (errno == EINTR) continue;
            break; // ENOENT: the last process behind the filter has ended
        }
        response.id = call.id;
        if (makes_a_directory(call.data.nr)) {
            response.error = -answer;
            printf("refused: mkdir\n");
            fflush(stdout);
        } else {
            response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        }
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    }
    return 0;
}

static int notify(const char *path)
{
    int server = endpoint(path, SOCK_DGRAM, bind);
    char text[4096];
    for (ssize_t count; (count = recv(server, text, sizeof text - 1, 0)) >= 0;) {
        text[count] = 0;
        printf("[%s]\n", text);
        fflush(stdout);
    }
    return 1;
}

static int say(const char *path, char *text)
{
    for (char *found; (found = strstr(text, "\\n"));) {
        *found = '\n';
        memmove(found + 1, found + 2, strlen(found + 2) + 1);
    }
    int fd = endpoint(path, SOCK_DGRAM, connect);
    return send(fd, text, strlen(text), 0) < 0;
}

// keyctl(2): the description is `type;uid;gid;permissions;name`.
static int keyring(void)
{
    char text[4096] = "";
    if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof text - 1, 0) < 0) give_up("keyctl");
    return puts(strrchr(text, ';') + 1) < 0;
}

int main(int count, char **words)
{
    if (count == 2 && !strcmp(words[1], "keyring")) return keyring();
    const char *kind = count > 2 ? words[1] : "";
    if (!strcmp(kind, "console")) return console(words[2], count > 3 ? words[3] : NULL);
    if (!strcmp(kind, "pidfd")) return pidfd(words[2]);
    if (!strcmp(kind, "agent") && count == 4) return agent(words[2], atoi(words[3]));
    if (!strcmp(kind, "notify")) return notify(words[2]);
    if (!strcmp(kind, "say") && count == 4) return say(words[2], words[3]);
    fprintf(stderr, "endpoint: see the first lines of its source\n");
    return 2;
}
