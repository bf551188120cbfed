// sequence COMMAND... , COMMAND... , ...: runs the commands one after the other, without a shell; ends with the first failure.
// sequence -m COMMAND...: runs one command and prints the largest resident memory it or a child it waited for had, in kB.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

// A container that goes on must not hold the caller's pipe: standard output is the null device.
static int run(char **command, struct rusage *usage)
{
    pid_t child;
    int status = 0;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    int failure = posix_spawn(&child, command[0], &actions, 0, command, environ);
    if (failure) errx(127, "%s: %s", command[0], strerror(failure));
    if (wait4(child, &status, 0, usage) < 0) err(127, "wait4");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **words)
{
    struct rusage usage;
    if (count > 2 && !strcmp(words[1], "-m")) {
        int status = run(words + 2, &usage);
        printf("%ld\n", usage.ru_maxrss);
        return status;
    }
    for (int start = 1, end = 1; start < count; start = ++end) {
        while (end < count && strcmp(words[end], ",")) end++;
        words[end] = 0;
        int status = run(words + start, &usage);
        if (status) return status;
    }
    return 0;
}
