/*
 * Preloaded into a process, makes fdatasync fail or wait. From the environment:
 * FAULT_FILES: only files whose path holds this text. FAULT_FROM, FAULT_TO: from and up to which call
 * it fails with EIO, counted from 1. FAULT_GATE: a file without which each call waits until it is there.
 * FAULT_COUNT: a file that grows by one byte for each call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : atol(text);
}

static int is_meant(int file) {
  const char *part = getenv("FAULT_FILES");
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0 || part == NULL) return part == NULL;
  path[length] = 0;
  return strstr(path, part) != NULL;
}

static void count(void) {
  const char *name = getenv("FAULT_COUNT");
  int file = name == NULL ? -1 : open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  if (write(file, "x", 1) < 0) perror("FAULT_COUNT");
  close(file);
}

int fdatasync(int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  if (!is_meant(file)) return real(file);
  count();
  long call = atomic_fetch_add(&calls, 1) + 1;
  const char *gate = getenv("FAULT_GATE");
  while (gate != NULL && access(gate, F_OK) != 0) usleep(1000);
  if (call < number("FAULT_FROM") || call > number("FAULT_TO")) return real(file);
  errno = EIO;
  return -1;
}
