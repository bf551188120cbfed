// Makes this program's file unwritable for whoever reaches it through /proc/PID/exe (CVE-2019-5736).
//
// A process of the runtime that is inside a container, and a program of the container that was told to be
// /proc/self/exe, show the container the runtime's own file. So the runtime runs from a read-only mount of it that
// nobody can change, and executes itself once to get there. Nothing is done when that is so already. Without rights to
// mount, a file this user cannot write needs nothing, and one he can is copied to memory.
//
// Two steps, in C, because what is done before the program executes itself is done twice:
//
//     own_binary_start     the program's first instruction: the usual way, by bare system calls. glibc, which is not
//                          initialised here, asks the processor some forty questions (CPUID) when it is; to each the
//                          hypervisor of a virtual machine answers, in up to 20 microseconds.
//     protect_own_binary   before the first line of Swift: all other ways, and the words for what fails.
#define _GNU_SOURCE
#include "own_binary.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OWN_FILE "/proc/self/exe"
#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

// What runs before glibc may call nothing of it, not even strcmp(3), nor use its thread's canary.
#define BARE __attribute__((no_builtin, no_stack_protector))

BARE static bool is_word(const char *text, const char *word)
{
    while (*text && *text == *word) text++, word++;
    return *text == *word;
}

// The verbs that put a process of this program into a container. Where a value of another verb reads like one of
// them, the protection is there without need.
BARE static bool enters_container(char **words)
{
    for (; *words; words++)
        if (is_word(*words, "create") || is_word(*words, "run") || is_word(*words, "exec")) return true;
    return false;
}

#ifdef __x86_64__
BARE static long call(long number, long a, long b, long c, long d, long e)
{
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    __asm__ volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth) : "rcx", "r11", "memory");
    return number;
}

BARE static void execute_read_only(int own, char **words, char **environment)
{
    struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
    long mount = call(SYS_open_tree, own, (long)"", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC, 0, 0);
    if (mount < 0) return;
    if (!call(SYS_mount_setattr, mount, (long)"", AT_EMPTY_PATH, (long)&attributes, sizeof attributes))
        call(SYS_execveat, mount, (long)"", (long)words, (long)environment, AT_EMPTY_PATH);
    call(SYS_close, mount, 0, 0, 0, 0);
}

// `stack`: as the kernel leaves it, the number of words, the words, the environment. Returns where there is nothing to
// do, and where something fails: the next step finds that out again, and can say so.
__attribute__((used)) BARE static void protect_early(long *stack)
{
    struct statfs found;
    char **words = (char **)(stack + 1), **environment = words + stack[0] + 1;
    if (stack[0] < 2 || !enters_container(words + 1)) return;
    long own = call(SYS_openat, AT_FDCWD, (long)OWN_FILE, O_PATH | O_CLOEXEC, 0, 0);
    if (own < 0) return;
    if (!call(SYS_fstatfs, own, (long)&found, 0, 0, 0) && !(found.f_flags & ST_RDONLY))
        execute_read_only((int)own, words, environment);
    call(SYS_close, own, 0, 0, 0, 0);
}

// rdx holds what the dynamic loader wants called at the end, and _start expects it there.
__asm__(".pushsection .text\n"
        ".globl own_binary_start\n.type own_binary_start, @function\nown_binary_start:\n"
        "    mov %rsp, %rdi\n    mov %rsp, %rbx\n    mov %rdx, %r12\n    and $-16, %rsp\n"
        "    call protect_early\n"
        "    mov %r12, %rdx\n    mov %rbx, %rsp\n    jmp _start\n"
        ".popsection\n");
#elif defined __aarch64__
__asm__(".pushsection .text\n.globl own_binary_start\nown_binary_start: b _start\n.popsection\n");
#endif

static void fail(const char *step)
{
    dprintf(2, "cannot protect the runtime's own file from the container: %s: %m\n", step);
    _exit(1);
}

// A detached read-only mount of the file; -1 where this process has no right to mount, or the kernel is before 5.12.
static int read_only_mount(int own)
{
    struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY };
    int mount = (int)syscall(SYS_open_tree, own, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
    if (mount >= 0 && !syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH, &attributes, sizeof attributes)) return mount;
    if (errno != EPERM && errno != ENOSYS && errno != EINVAL) fail("mount");
    return -1;
}

// The file in memory, which nobody can change; -1 when this process runs from one, or need not.
static int sealed_copy(void)
{
    if (access(OWN_FILE, W_OK)) return -1;
    int source = open(OWN_FILE, O_RDONLY | O_CLOEXEC);
    if (source < 0) fail("open");
    if (fcntl(source, F_GET_SEALS) == ALL_SEALS) return -1;
    int copy = memfd_create("apus-runtime", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (copy < 0) fail("memfd_create");
    ssize_t sent;
    while ((sent = sendfile(copy, source, NULL, 1 << 30)) > 0) {}
    if (sent < 0) fail("sendfile");
    if (fcntl(copy, F_ADD_SEALS, ALL_SEALS)) fail("F_ADD_SEALS");
    return copy;
}

// What to execute instead of the file; -1 where that changes nothing.
static int safe_file(int own)
{
    struct statfs found;
    if (fstatfs(own, &found)) fail("fstatfs");
    if (found.f_flags & ST_RDONLY) return -1;
    int mount = read_only_mount(own);
    return mount >= 0 ? mount : sealed_copy();
}

__attribute__((constructor(101))) static void protect_own_binary(int count, char **words, char **environment)
{
    if (count < 2 || !enters_container(words + 1)) return;
    int own = open(OWN_FILE, O_PATH | O_CLOEXEC);
    if (own < 0) fail("open");
    int safe = safe_file(own);
    close(own);
    if (safe < 0) return;
    syscall(SYS_execveat, safe, "", words, environment, AT_EMPTY_PATH);
    fail("execveat");
}
