// The floor of the benchmark: what one container with the default bundle asks of the kernel, and nothing else. No configuration is
// read, nothing is stored, an error ends the program. A runtime can be as fast as this, never faster.
//
//     floor v1|v2 ROOTFS PROGRAM [ARGUMENT...]
//
// cgroups on v1: one in each hierarchy and the device list. On v2: one, a device program, and a child which is born in it. Then new
// pid, mount, network, IPC and UTS namespaces; the default mounts, devices and links; masked and read-only paths; pivot_root; the
// loopback; a host name; three capabilities; no_new_privs; execve; and the removal of the cgroups.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { quiet = MS_NOSUID | MS_NOEXEC | MS_NODEV, length = 300 };

static const char *const hierarchies[] = { "blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids", "systemd", "unified" };
enum { trees = sizeof hierarchies / sizeof *hierarchies };
static bool present[trees];
static bool unified;
static char name[32];

static long must(long answer, const char *what)
{
    if (answer < 0) err(125, "floor: %s", what);
    return answer;
}

static void put(const char *path, const char *text, size_t size)
{
    int file = must(open(path, O_WRONLY | O_CLOEXEC), path);
    must(write(file, text, size), path);
    close(file);
}

static const char *cgroup(int tree, const char *file)
{
    static char path[length];
    if (unified) snprintf(path, sizeof path, "/sys/fs/cgroup/%s/%s", name, file);
    else snprintf(path, sizeof path, "/sys/fs/cgroup/%s/%s/%s", hierarchies[tree], name, file);
    return path;
}

// The hierarchies' cpuset must hold something before a process may enter.
static void copy_cpuset(int tree, const char *file)
{
    char from[length], text[256];
    snprintf(from, sizeof from, "/sys/fs/cgroup/%s/%s", hierarchies[tree], file);
    int source = must(open(from, O_RDONLY | O_CLOEXEC), from);
    ssize_t size = must(read(source, text, sizeof text), from);
    close(source);
    put(cgroup(tree, file), text, size);
}

// Answers the v2 tree's cgroup of a hybrid layout, or -1.
static int make_v1_cgroups(void)
{
    static const char *const rules[] = { "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
        "c 5:0 rwm", "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm", "c 10:200 rwm" };
    for (int i = 0; i < trees; i++) {
        present[i] = mkdir(cgroup(i, ""), 0755) == 0;
        if (!present[i]) continue;
        if (!strcmp(hierarchies[i], "cpuset")) {
            copy_cpuset(i, "cpuset.cpus");
            copy_cpuset(i, "cpuset.mems");
        }
        if (strcmp(hierarchies[i], "devices")) continue;
        put(cgroup(i, "devices.deny"), "a", 1);
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) put(cgroup(i, "devices.allow"), rules[r], strlen(rules[r]));
    }
    return present[trees - 1] ? must(open(cgroup(trees - 1, ""), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cgroup") : -1;
}

static int make_v2_cgroup(void)
{
    must(mkdir(cgroup(0, ""), 0755), "cgroup");
    int folder = must(open(cgroup(0, ""), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "cgroup");
    struct bpf_insn allow_all[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = 1 }, { .code = BPF_JMP | BPF_EXIT } };
    union bpf_attr load = { .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE, .insns = (uintptr_t)allow_all, .insn_cnt = 2,
        .license = (uintptr_t)"GPL" };
    int program = must(syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load), "load the device program");
    union bpf_attr attach = { .target_fd = folder, .attach_bpf_fd = program, .attach_type = BPF_CGROUP_DEVICE,
        .attach_flags = BPF_F_ALLOW_MULTI };
    must(syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach), "attach the device program");
    close(program);
    return folder;
}

static void remove_cgroups(void)
{
    for (int i = 0; i < (unified ? 1 : trees); i++) {
        if (!unified && !present[i]) continue;
        while (rmdir(cgroup(i, "")) < 0) usleep(100);
    }
}

static void mount_cgroups(void)
{
    if (unified) {
        must(mount("cgroup", "sys/fs/cgroup", "cgroup2", quiet | MS_RDONLY, 0), "cgroup2");
        return;
    }
    must(mount("tmpfs", "sys/fs/cgroup", "tmpfs", quiet, "mode=755"), "cgroup");
    for (int i = 0; i < trees - 1; i++) {
        if (!present[i]) continue;
        char target[length];
        snprintf(target, sizeof target, "sys/fs/cgroup/%s", hierarchies[i]);
        mkdir(target, 0755);
        must(mount(cgroup(i, ""), target, 0, MS_BIND, 0), target);
        must(mount(0, target, 0, MS_BIND | MS_REMOUNT | MS_RDONLY | quiet, 0), target);
    }
    must(mount(0, "sys/fs/cgroup", 0, MS_BIND | MS_REMOUNT | MS_RDONLY | quiet, 0), "cgroup");
}

static void fill_dev(void)
{
    static const struct { const char *path; int minor, major; } nodes[] = { { "dev/null", 3, 1 }, { "dev/zero", 5, 1 }, { "dev/full", 7, 1 },
        { "dev/random", 8, 1 }, { "dev/urandom", 9, 1 }, { "dev/tty", 0, 5 } };
    static const char *const links[][2] = { { "/proc/self/fd", "dev/fd" }, { "/proc/self/fd/0", "dev/stdin" },
        { "/proc/self/fd/1", "dev/stdout" }, { "/proc/self/fd/2", "dev/stderr" }, { "pts/ptmx", "dev/ptmx" } };
    umask(0);
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        must(mknod(nodes[i].path, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)), nodes[i].path);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) must(symlink(links[i][0], links[i][1]), links[i][1]);
    umask(022);
}

static void mount_all(const char *rootfs)
{
    must(mount(0, "/", 0, MS_REC | MS_PRIVATE, 0), "/");
    must(mount(rootfs, rootfs, 0, MS_BIND | MS_REC, 0), rootfs);
    must(chdir(rootfs), rootfs);
    must(mount("proc", "proc", "proc", 0, 0), "proc");
    must(mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_STRICTATIME, "mode=755,size=65536k"), "dev");
    mkdir("dev/pts", 0755);
    mkdir("dev/shm", 01777);
    mkdir("dev/mqueue", 0755);
    must(mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=5"), "dev/pts");
    must(mount("shm", "dev/shm", "tmpfs", quiet, "mode=1777,size=65536k"), "dev/shm");
    must(mount("mqueue", "dev/mqueue", "mqueue", quiet, 0), "dev/mqueue");
    must(mount("sysfs", "sys", "sysfs", quiet | MS_RDONLY, 0), "sys");
    mount_cgroups();
    fill_dev();
}

static void lock_paths(void)
{
    static const char *const masked[] = { "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi" };
    static const char *const read_only[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
        // A file takes the null device, a folder an empty file system; what is not there needs nothing.
        if (mount("/dev/null", masked[i], 0, MS_BIND, 0) < 0) mount("tmpfs", masked[i], "tmpfs", MS_RDONLY, "nr_inodes=1");
    }
    for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++) {
        if (mount(read_only[i], read_only[i], 0, MS_BIND | MS_REC, 0) < 0) continue;
        must(mount(0, read_only[i], 0, MS_BIND | MS_REMOUNT | MS_RDONLY | quiet, 0), read_only[i]);
    }
    must(mount(0, "/", 0, MS_BIND | MS_REMOUNT | MS_RDONLY, 0), "/");
}

static void give_up_rights(void)
{
    enum { kept = 1 << CAP_KILL | 1 << CAP_NET_BIND_SERVICE | 1 << CAP_AUDIT_WRITE };
    for (int i = 0; i <= CAP_LAST_CAP; i++)
        if (i > 31 || !(kept >> i & 1)) prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct sets[2] = { { .effective = kept, .permitted = kept } };
    must(syscall(SYS_capset, &header, sets), "capset");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    must(syscall(SYS_close_range, 3, ~0u, 4 /* CLOEXEC */), "close_range");
}

static void become(const char *rootfs, char **program)
{
    // Into the v2 tree of a hybrid layout it was born. With cgroup.procs the kernel would wait for a grace period.
    for (int i = 0; i < trees - 1 && !unified; i++)
        if (present[i]) put(cgroup(i, "tasks"), "0", 1);
    mount_all(rootfs);
    must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    must(umount2(".", MNT_DETACH), "the old root");
    must(chdir("/"), "/");
    lock_paths();
    must(sethostname("floor", 5), "host name");
    int socket_ = must(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    struct ifreq loopback = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    must(ioctl(socket_, SIOCSIFFLAGS, &loopback), "lo");
    give_up_rights();
    execv(program[0], program);
    err(127, "floor: %s", program[0]);
}

int main(int count, char **words)
{
    if (count < 4) errx(2, "floor v1|v2 ROOTFS PROGRAM [ARGUMENT...]");
    unified = !strcmp(words[1], "v2");
    snprintf(name, sizeof name, "floor-%d", getpid());
    struct clone_args arguments = { .exit_signal = SIGCHLD,
        .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS };
    int v2 = unified ? make_v2_cgroup() : make_v1_cgroups();
    if (v2 >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)v2;
    }
    pid_t child = must(syscall(SYS_clone3, &arguments, sizeof arguments), "clone3");
    if (child == 0) become(words[2], words + 3);
    int status = 0;
    must(waitpid(child, &status, 0), "waitpid");
    if (v2 >= 0) close(v2);
    remove_cgroups();
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
