// A program that links this target with `--entry=own_binary_start` runs from a read-only mount of its own file wherever a
// container could reach that file (CVE-2019-5736). There is nothing to call: see own_binary.c.
#ifndef OWN_BINARY_H
#define OWN_BINARY_H
#endif
