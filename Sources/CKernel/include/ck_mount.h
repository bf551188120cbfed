// Mounts: mount(2) and the file descriptor based calls of Linux 5.2 and later.
#ifndef CK_MOUNT_H
#define CK_MOUNT_H
#include <stdint.h>
#include <sys/types.h>

int ck_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
int ck_umount2(const char *target, int flags);
int ck_pivot_root(const char *new_root, const char *put_old);
int ck_fsopen(const char *type, unsigned flags);
// `key` and `value` may be null, as the command wants it.
int ck_fsconfig(int context, unsigned command, const char *key, const char *value, int aux);
int ck_fsmount(int context, unsigned flags, unsigned attributes);
int ck_open_tree(int dirfd, const char *path, unsigned flags);
int ck_move_mount(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned flags);
int ck_mount_setattr(int dirfd, const char *path, unsigned flags, uint64_t set, uint64_t clear,
                     uint64_t propagation, int userns_fd);

enum { CK_FSCONFIG_SET_FLAG = 0, CK_FSCONFIG_SET_STRING = 1, CK_FSCONFIG_CMD_CREATE = 6 };
enum { CK_FSOPEN_CLOEXEC = 1, CK_FSMOUNT_CLOEXEC = 1 };
enum { CK_OPEN_TREE_CLONE = 1, CK_OPEN_TREE_CLOEXEC = 02000000, CK_AT_RECURSIVE = 0x8000 };
enum { CK_MOVE_MOUNT_F_EMPTY_PATH = 4, CK_MOVE_MOUNT_T_SYMLINKS = 0x10, CK_MOVE_MOUNT_T_EMPTY_PATH = 0x40 };
enum { CK_MNT_DETACH = 2, CK_UMOUNT_NOFOLLOW = 8 };
#endif
