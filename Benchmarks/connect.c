// connect ADDRESS PORT COUNT: the median time of a new TCP connection, in microseconds.
// connect listen PORT: accepts and closes connections until it is ended.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *step) {
    perror(step);
    exit(1);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void serve(int port) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port)};
    int s = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (s < 0 || bind(s, (struct sockaddr *)&place, sizeof place) || listen(s, 4096)) fail("listen");
    for (;;) {
        int client = accept(s, NULL, NULL);
        if (client >= 0) close(client);
    }
}

int main(int count, char **words) {
    if (count == 3 && !strcmp(words[1], "listen")) serve(atoi(words[2]));
    if (count != 4) return 2;
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    if (inet_pton(AF_INET, words[1], &place.sin_addr) != 1) return 2;
    int rounds = atoi(words[3]);
    double *times = calloc(rounds, sizeof *times);
    for (int i = 0; i < rounds; i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        double begun = now();
        if (connect(s, (struct sockaddr *)&place, sizeof place)) fail("connect");
        times[i] = now() - begun;
        close(s);
    }
    qsort(times, rounds, sizeof *times, by_value);
    printf("%.1f\n", times[rounds / 2]);
    return 0;
}
