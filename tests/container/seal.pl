# SPDX-License-Identifier: GPL-2.0
# Seals a page as any program may, by the number. Exit status: 0 it is sealed, 3 the
# number is unknown, 1 anything else. The page is low: an address must fit an int.
use strict;
use warnings;
use Errno qw(EPERM ENOSYS);

my ($mmap, $munmap, $mseal) = (9, 11, 462);
my ($read_write, $private_anonymous_low) = (0x3, 0x62);

my $page = syscall($mmap, 0, 4096, $read_write, $private_anonymous_low, -1, 0);
exit 1 if $page <= 0;
if (syscall($mseal, $page, 4096, 0)) {
	exit($! == ENOSYS && !syscall($munmap, $page, 4096) ? 3 : 1);
}
exit(syscall($munmap, $page, 4096) == -1 && $! == EPERM ? 0 : 1);
