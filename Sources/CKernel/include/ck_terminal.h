// Pseudo-terminals.
#ifndef CK_TERMINAL_H
#define CK_TERMINAL_H
#include <stdint.h>

// The slave side of a master, without its name: TIOCGPTPEER.
int ck_terminal_peer(int master, int flags);
int ck_terminal_unlock(int master);
int ck_make_controlling_terminal(int fd);
int ck_set_foreground(int fd);
int ck_set_window_size(int fd, uint16_t rows, uint16_t columns);
int ck_get_window_size(int fd, uint16_t *rows, uint16_t *columns);
int ck_copy_window_size(int from, int to);
int ck_is_terminal(int fd);
// Raw mode; the former settings go to `saved`, which holds at least ck_terminal_settings_size bytes.
int ck_make_raw(int fd, void *saved);
int ck_restore_terminal(int fd, const void *saved);
enum { ck_terminal_settings_size = 128 };
#endif
