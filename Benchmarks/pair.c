// pair ROUNDS INPUT FIRST... , SECOND...: runs both commands in turns, ROUNDS times, and prints the medians of their times
// in milliseconds. Each may begin with NAME=VALUE words for its environment; both read the file INPUT. An exit code other
// than 0 ends the measurement.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double run(char **words, const char *input) {
    double begun = now();
    pid_t child = fork();
    if (child == 0) {
        int in = open(input, O_RDONLY), out = open("/dev/null", O_WRONLY);
        if (in < 0 || out < 0) _exit(126);
        dup2(in, 0);
        dup2(out, 1);
        while (strchr(*words, '=')) putenv(*words++);
        execvp(*words, words);
        _exit(127);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("pair");
        exit(1);
    }
    double time = now() - begun;
    if (status != 0) {
        while (strchr(*words, '=')) words++;
        fprintf(stderr, "%s ended with status %#x\n", *words, status);
        exit(1);
    }
    return time;
}

int main(int count, char **words) {
    char **second = words + 3;
    while (second < words + count && strcmp(*second, ",")) second++;
    if (count < 6 || second >= words + count - 1) {
        fprintf(stderr, "pair ROUNDS INPUT FIRST... , SECOND...\n");
        return 2;
    }
    *second++ = NULL;
    int rounds = atoi(words[1]);
    double *first_times = calloc(rounds, sizeof(double)), *second_times = calloc(rounds, sizeof(double));
    for (int i = -1; i < rounds; i++) {  // the first round warms the caches
        double first = run(words + 3, words[2]), other = run(second, words[2]);
        if (i < 0) continue;
        first_times[i] = first;
        second_times[i] = other;
    }
    qsort(first_times, rounds, sizeof(double), by_value);
    qsort(second_times, rounds, sizeof(double), by_value);
    printf("%.2f %.2f\n", first_times[rounds / 2], second_times[rounds / 2]);
    return 0;
}
