#define _GNU_SOURCE
#include "ck_mount.h"
#include "answer.h"
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int ck_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
    return ANSWER(mount(source, target, type, flags, data));
}
int ck_umount2(const char *target, int flags) { return ANSWER(umount2(target, flags)); }
int ck_pivot_root(const char *new_root, const char *put_old)
{
    return (int)ANSWER(syscall(SYS_pivot_root, new_root, put_old));
}
int ck_fsopen(const char *type, unsigned flags) { return (int)ANSWER(syscall(SYS_fsopen, type, flags)); }
int ck_fsconfig(int context, unsigned command, const char *key, const char *value, int aux)
{
    return (int)ANSWER(syscall(SYS_fsconfig, context, command, key, value, aux));
}
int ck_fsmount(int context, unsigned flags, unsigned attributes)
{
    return (int)ANSWER(syscall(SYS_fsmount, context, flags, attributes));
}
int ck_open_tree(int dirfd, const char *path, unsigned flags)
{
    return (int)ANSWER(syscall(SYS_open_tree, dirfd, path, flags));
}
int ck_move_mount(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned flags)
{
    return (int)ANSWER(syscall(SYS_move_mount, from_dirfd, from, to_dirfd, to, flags));
}
int ck_mount_setattr(int dirfd, const char *path, unsigned flags, uint64_t set, uint64_t clear,
                     uint64_t propagation, int userns_fd)
{
    struct { uint64_t set, clear, propagation, userns_fd; } attributes = { set, clear, propagation,
        userns_fd < 0 ? 0 : (uint64_t)userns_fd };
    return (int)ANSWER(syscall(SYS_mount_setattr, dirfd, path, flags, &attributes, sizeof attributes));
}
