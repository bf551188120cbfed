// The C floor of the package.
//
// Only three things live here: variadic calls, system calls which Swift cannot see, and constants
// which are macros. No logic, no allocation, no global state. Every function answers like the kernel
// itself: zero or more on success, minus the error number on failure. Nothing above reads `errno`.
//
// One header and one C file per topic: ck_file (files and directories), ck_process (processes,
// signals, namespaces), ck_socket, ck_terminal and so on.
#ifndef CK_FILE_H
#define CK_FILE_H
#include <stdint.h>
#include <sys/types.h>

int ck_open(const char *path, int flags, mode_t mode);
int ck_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
int ck_close(int fd);
ssize_t ck_read(int fd, void *buffer, size_t count);
ssize_t ck_pread(int fd, void *buffer, size_t count, off_t offset);
ssize_t ck_write(int fd, const void *buffer, size_t count);
ssize_t ck_pwrite(int fd, const void *buffer, size_t count, off_t offset);
int ck_ftruncate(int fd, off_t length);
int ck_fsync(int fd);
// Sets the time of the last change of the content; the time of the last access stays.
int ck_set_mtime(int fd, int64_t seconds, int64_t nanoseconds);
// The same for a name in a directory; a symbolic link is not followed.
int ck_set_mtime_at(int dirfd, const char *name, int64_t seconds, int64_t nanoseconds);
int ck_syncfs(int fd);
int ck_pipe2(int ends[2], int flags);
int ck_dup3(int from, int to, int flags);
int ck_dup_cloexec(int fd, int lowest);
int ck_get_descriptor_flags(int fd);
int ck_set_descriptor_flags(int fd, int flags);
int ck_get_status_flags(int fd);
int ck_set_status_flags(int fd, int flags);
int ck_close_range(unsigned first, unsigned last, unsigned flags);
int ck_flock(int fd, int operation);

struct ck_stat {
    uint64_t device;      // st_dev
    uint64_t inode;
    uint64_t links;
    uint64_t raw_device;  // st_rdev
    int64_t size;
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    int64_t ctime_seconds;
    int64_t ctime_nanoseconds;
    int64_t mtime_seconds;
    int64_t mtime_nanoseconds;
};
int ck_fstat(int fd, struct ck_stat *out);
int ck_fstatat(int dirfd, const char *path, int flags, struct ck_stat *out);
// The magic number of the file system, as statfs(2) names it.
int64_t ck_fstatfs_type(int fd);
int64_t ck_statfs_type(const char *path);
uint32_t ck_major(uint64_t device);
uint32_t ck_minor(uint64_t device);
uint64_t ck_makedev(uint32_t major, uint32_t minor);

int ck_mkdirat(int dirfd, const char *path, mode_t mode);
int ck_mkfifoat(int dirfd, const char *path, mode_t mode);
int ck_mknodat(int dirfd, const char *path, mode_t mode, uint64_t device);
int ck_symlinkat(const char *target, int dirfd, const char *path);
int ck_linkat(int from_dirfd, const char *from, int to_dirfd, const char *to, int flags);
int ck_unlinkat(int dirfd, const char *path, int flags);
int ck_renameat2(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned flags);
ssize_t ck_readlinkat(int dirfd, const char *path, char *buffer, size_t size);
int ck_fchmod(int fd, mode_t mode);
int ck_fchmodat(int dirfd, const char *path, mode_t mode, int flags);
int ck_fchownat(int dirfd, const char *path, uid_t uid, gid_t gid, int flags);
int ck_faccessat(int dirfd, const char *path, int mode, int flags);
int ck_chdir(const char *path);
int ck_fchdir(int fd);
int ck_chroot(const char *path);
// The kernel's own getcwd: the answer starts with "(unreachable)" outside the root. Length with the NUL.
int ck_getcwd(char *buffer, size_t size);
mode_t ck_umask(mode_t mask);
// Raw getdents64 records.
ssize_t ck_getdents64(int fd, void *buffer, size_t count);
int ck_fsetxattr(int fd, const char *name, const void *value, size_t size);
int ck_fremovexattr(int fd, const char *name);
ssize_t ck_fgetxattr(int fd, const char *name, void *value, size_t size);
ssize_t ck_flistxattr(int fd, void *names, size_t size);
int ck_fchown(int fd, uid_t uid, gid_t gid);
int ck_memfd_create(const char *name, unsigned flags);
ssize_t ck_sendfile(int out, int in, size_t count);

enum { CK_AT_FDCWD = -100, CK_AT_EMPTY_PATH = 0x1000, CK_AT_SYMLINK_NOFOLLOW = 0x100, CK_AT_REMOVEDIR = 0x200 };
enum { CK_O_PATH = 010000000, CK_O_TMPFILE = 020200000 };
enum { CK_RESOLVE_NO_XDEV = 1, CK_RESOLVE_NO_MAGICLINKS = 2, CK_RESOLVE_NO_SYMLINKS = 4, CK_RESOLVE_BENEATH = 8,
       CK_RESOLVE_IN_ROOT = 16 };
enum { CK_CLOSE_RANGE_CLOEXEC = 4 };
#endif
