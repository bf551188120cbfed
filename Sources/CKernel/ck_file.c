#define _GNU_SOURCE
#include "ck_file.h"
#include "answer.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

int ck_open(const char *path, int flags, mode_t mode) { return ANSWER(open(path, flags, mode)); }
int ck_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct open_how how = { .flags = flags, .mode = mode, .resolve = resolve };
    return (int)ANSWER(syscall(SYS_openat2, dirfd, path, &how, sizeof how));
}
int ck_close(int fd) { return ANSWER(close(fd)); }
ssize_t ck_read(int fd, void *buffer, size_t count) { return ANSWER(read(fd, buffer, count)); }
ssize_t ck_pread(int fd, void *buffer, size_t count, off_t offset)
{
    return ANSWER(pread(fd, buffer, count, offset));
}
ssize_t ck_write(int fd, const void *buffer, size_t count) { return ANSWER(write(fd, buffer, count)); }
ssize_t ck_pwrite(int fd, const void *buffer, size_t count, off_t offset)
{
    return ANSWER(pwrite(fd, buffer, count, offset));
}
int ck_ftruncate(int fd, off_t length) { return ANSWER(ftruncate(fd, length)); }
int ck_fsync(int fd) { return ANSWER(fsync(fd)); }
int ck_set_mtime(int fd, int64_t seconds, int64_t nanoseconds)
{
    struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = seconds, .tv_nsec = nanoseconds } };
    return ANSWER(futimens(fd, times));
}
int ck_set_mtime_at(int dirfd, const char *name, int64_t seconds, int64_t nanoseconds)
{
    struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = seconds, .tv_nsec = nanoseconds } };
    return ANSWER(utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW));
}
int ck_syncfs(int fd) { return ANSWER(syncfs(fd)); }
int ck_pipe2(int ends[2], int flags) { return ANSWER(pipe2(ends, flags)); }
int ck_dup3(int from, int to, int flags) { return ANSWER(dup3(from, to, flags)); }
int ck_dup_cloexec(int fd, int lowest) { return ANSWER(fcntl(fd, F_DUPFD_CLOEXEC, lowest)); }
int ck_get_descriptor_flags(int fd) { return ANSWER(fcntl(fd, F_GETFD)); }
int ck_set_descriptor_flags(int fd, int flags) { return ANSWER(fcntl(fd, F_SETFD, flags)); }
int ck_get_status_flags(int fd) { return ANSWER(fcntl(fd, F_GETFL)); }
int ck_set_status_flags(int fd, int flags) { return ANSWER(fcntl(fd, F_SETFL, flags)); }
int ck_close_range(unsigned first, unsigned last, unsigned flags)
{
    return (int)ANSWER(syscall(SYS_close_range, first, last, flags));
}
int ck_flock(int fd, int operation) { return ANSWER(flock(fd, operation)); }

static int translate(int answer, const struct stat *in, struct ck_stat *out)
{
    if (answer < 0) return answer;
    *out = (struct ck_stat){ .device = in->st_dev, .inode = in->st_ino, .links = in->st_nlink,
        .raw_device = in->st_rdev, .size = in->st_size, .mode = in->st_mode, .uid = in->st_uid,
        .gid = in->st_gid, .ctime_seconds = in->st_ctim.tv_sec, .ctime_nanoseconds = in->st_ctim.tv_nsec,
        .mtime_seconds = in->st_mtim.tv_sec, .mtime_nanoseconds = in->st_mtim.tv_nsec };
    return 0;
}
int ck_fstat(int fd, struct ck_stat *out)
{
    struct stat found;
    return translate(ANSWER(fstat(fd, &found)), &found, out);
}
int ck_fstatat(int dirfd, const char *path, int flags, struct ck_stat *out)
{
    struct stat found;
    return translate(ANSWER(fstatat(dirfd, path, &found, flags)), &found, out);
}
int64_t ck_fstatfs_type(int fd)
{
    struct statfs found;
    int answer = ANSWER(fstatfs(fd, &found));
    return answer < 0 ? answer : (int64_t)(uint32_t)found.f_type;
}
int64_t ck_statfs_type(const char *path)
{
    struct statfs found;
    int answer = ANSWER(statfs(path, &found));
    return answer < 0 ? answer : (int64_t)(uint32_t)found.f_type;
}
uint32_t ck_major(uint64_t device) { return major(device); }
uint32_t ck_minor(uint64_t device) { return minor(device); }
uint64_t ck_makedev(uint32_t major, uint32_t minor) { return makedev(major, minor); }

int ck_mkdirat(int dirfd, const char *path, mode_t mode) { return ANSWER(mkdirat(dirfd, path, mode)); }
int ck_mkfifoat(int dirfd, const char *path, mode_t mode) { return ANSWER(mkfifoat(dirfd, path, mode)); }
int ck_mknodat(int dirfd, const char *path, mode_t mode, uint64_t device)
{
    return ANSWER(mknodat(dirfd, path, mode, device));
}
int ck_symlinkat(const char *target, int dirfd, const char *path)
{
    return ANSWER(symlinkat(target, dirfd, path));
}
int ck_linkat(int from_dirfd, const char *from, int to_dirfd, const char *to, int flags)
{
    return ANSWER(linkat(from_dirfd, from, to_dirfd, to, flags));
}
int ck_unlinkat(int dirfd, const char *path, int flags) { return ANSWER(unlinkat(dirfd, path, flags)); }
int ck_renameat2(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned flags)
{
    return (int)ANSWER(syscall(SYS_renameat2, from_dirfd, from, to_dirfd, to, flags));
}
ssize_t ck_readlinkat(int dirfd, const char *path, char *buffer, size_t size)
{
    return ANSWER(readlinkat(dirfd, path, buffer, size));
}
int ck_fchmod(int fd, mode_t mode) { return ANSWER(fchmod(fd, mode)); }
int ck_fchmodat(int dirfd, const char *path, mode_t mode, int flags)
{
    return ANSWER(fchmodat(dirfd, path, mode, flags));
}
int ck_fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags)
{
    return ANSWER(fchownat(dirfd, path, uid, gid, flags));
}
int ck_faccessat(int dirfd, const char *path, int mode, int flags)
{
    return ANSWER(faccessat(dirfd, path, mode, flags));
}
int ck_chdir(const char *path) { return ANSWER(chdir(path)); }
int ck_fchdir(int fd) { return ANSWER(fchdir(fd)); }
int ck_chroot(const char *path) { return ANSWER(chroot(path)); }
int ck_getcwd(char *buffer, size_t size) { return (int)ANSWER(syscall(SYS_getcwd, buffer, size)); }
mode_t ck_umask(mode_t mask) { return umask(mask); }
ssize_t ck_getdents64(int fd, void *buffer, size_t count)
{
    return ANSWER(syscall(SYS_getdents64, fd, buffer, count));
}
int ck_fsetxattr(int fd, const char *name, const void *value, size_t size)
{
    return ANSWER(fsetxattr(fd, name, value, size, 0));
}
int ck_fremovexattr(int fd, const char *name) { return ANSWER(fremovexattr(fd, name)); }
ssize_t ck_fgetxattr(int fd, const char *name, void *value, size_t size)
{
    return ANSWER(fgetxattr(fd, name, value, size));
}
ssize_t ck_flistxattr(int fd, void *names, size_t size) { return ANSWER(flistxattr(fd, names, size)); }
int ck_fchown(int fd, uid_t uid, gid_t gid) { return ANSWER(fchown(fd, uid, gid)); }
int ck_memfd_create(const char *name, unsigned flags) { return ANSWER(memfd_create(name, flags)); }
ssize_t ck_sendfile(int out, int in, size_t count) { return ANSWER(sendfile(out, in, NULL, count)); }
