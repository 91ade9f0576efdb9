/* Stops an ext4 file system as a power loss would: what is not on the disk yet never gets there. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define EXT4_IOC_SHUTDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_JOURNAL 2

int main(int count, char **words) {
  uint32_t how = WITHOUT_FLUSHING_THE_JOURNAL;
  int directory = count == 2 ? open(words[1], O_RDONLY) : -1;
  if (directory >= 0 && ioctl(directory, EXT4_IOC_SHUTDOWN, &how) == 0) return 0;
  perror("cut-power");
  return 1;
}
