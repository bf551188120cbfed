// calls ADDRESSES OUT PROGRAM [ARGUMENT...]: which functions of a static program (no PIE) a run of it calls, in the order of
// their first call. ADDRESSES has the start of each function, hexadecimal, one a line, ascending; OUT gets lines of the same form.
//
// Each function's first byte becomes a breakpoint, which goes at its first hit. Children have a copy of what is left; a child
// which becomes another program runs on unseen.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BREAKPOINT = 0xcc };
static unsigned long *starts;
static unsigned char *firsts;
static size_t count;

static void read_addresses(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) err(1, "%s", path);
    for (unsigned long address; fscanf(file, "%lx", &address) == 1; count++) {
        starts = realloc(starts, (count + 1) * sizeof *starts);
        if (!starts) err(1, "realloc");
        starts[count] = address;
    }
    firsts = calloc(count ? count : 1, 1);
    if (!count || !firsts) errx(1, "%s: no addresses", path);
    fclose(file);
}

static void plant(pid_t process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = open(path, O_RDWR | O_CLOEXEC);
    size_t length = starts[count - 1] - starts[0] + 1;
    unsigned char *code = malloc(length);
    if (memory < 0 || !code || pread(memory, code, length, (off_t)starts[0]) != (ssize_t)length) err(1, "%s", path);
    for (size_t i = 0; i < count; i++) {
        firsts[i] = code[starts[i] - starts[0]];
        code[starts[i] - starts[0]] = BREAKPOINT;
    }
    if (pwrite(memory, code, length, (off_t)starts[0]) != (ssize_t)length) err(1, "%s", path);
    free(code);
    close(memory);
}

static int compare(const void *a, const void *b)
{
    unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;
    return (x > y) - (x < y);
}

// Puts the byte back and the process on it; answers the signal it is to get: none, or the trap that was not ours.
static int take(pid_t process, FILE *out)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, process, 0, &registers)) return SIGTRAP;
    unsigned long address = (unsigned long)registers.rip - 1;
    unsigned long *found = bsearch(&address, starts, count, sizeof *starts, compare);
    if (!found) return SIGTRAP;
    fprintf(out, "%lx\n", address);
    long word = ptrace(PTRACE_PEEKTEXT, process, address, 0);
    ptrace(PTRACE_POKETEXT, process, address, (word & ~0xffL) | firsts[found - starts]);
    registers.rip = address;
    ptrace(PTRACE_SETREGS, process, 0, &registers);
    return 0;
}

int main(int words, char **word)
{
    if (words < 4) errx(2, "usage: calls ADDRESSES OUT PROGRAM [ARGUMENT...]");
    read_addresses(word[1]);
    FILE *out = fopen(word[2], "w");
    if (!out) err(1, "%s", word[2]);
    int status, code = 1;
    pid_t first = fork();
    if (!first) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execv(word[3], word + 3);
        err(127, "%s", word[3]);
    }
    waitpid(first, &status, 0);
    ptrace(PTRACE_SETOPTIONS, first, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, first, 0, 0);
    for (pid_t process; (process = waitpid(-1, &status, __WALL)) > 0;) {
        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (process == first) code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
            continue;
        }
        int sent = WSTOPSIG(status);
        if (status >> 16 == PTRACE_EVENT_EXEC && process == first) plant(process);
        if (sent == SIGTRAP) sent = status >> 16 ? 0 : take(process, out);
        ptrace(PTRACE_CONT, process, 0, sent == SIGSTOP ? 0 : sent);
    }
    return fclose(out) ? 1 : code;
}
