#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Seals memory from Python, and asks what is sealed.

Memory of Python's own objects mustn't be sealed: the interpreter frees it, and
has no idea what to do when it can't. What is sealed here is a mapping that is
meant to stay until the process ends.

Exit status: 0, also where nothing can seal, which is said; 1 on errors.
"""

import ctypes
import errno
import mmap
import os
import sys

MSEAL_T_PROTECT = 1 << 1
MSEAL_T_UNMAP = 1 << 3
MSEAL_T_REMAP = 1 << 5
MSEAL_T_DISCARD = 1 << 6
MSEAL_T_NATIVE = MSEAL_T_PROTECT | MSEAL_T_UNMAP | MSEAL_T_REMAP | MSEAL_T_DISCARD
MSEAL_SELF = -1


class Seal(ctypes.Structure):
    """struct mseal_seal"""

    _fields_ = [
        ("addr", ctypes.c_void_p),
        ("len", ctypes.c_size_t),
        ("types", ctypes.c_uint64),
        ("reported", ctypes.c_uint64),
    ]


def declare(library, name, result, *arguments):
    """Without their types ctypes would cut addresses to the size of an int."""
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments
    return function


libc = ctypes.CDLL(None, use_errno=True)
libmseal = ctypes.CDLL("libmseal.so.1", use_errno=True)

mprotect = declare(
    libc, "mprotect", ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
)
mseal_types = declare(
    libmseal, "mseal_types", ctypes.c_int,
    ctypes.c_void_p, ctypes.c_size_t, ctypes.c_uint64, ctypes.c_uint,
)
mseal_query = declare(
    libmseal, "mseal_query", ctypes.c_long,
    ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Seal), ctypes.c_size_t,
)


def checked(result, what):
    """Turns -1 into an exception that knows errno."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result


def seals_from(address):
    """The sealed ranges of this process from an address on, one after another."""
    room = (Seal * 16)()
    while True:
        n = checked(mseal_query(MSEAL_SELF, address, room, len(room)), "mseal_query")
        for seal in room[:n]:
            yield seal
        if n < len(room):
            return
        address = room[n - 1].addr + room[n - 1].len


def main():
    size = 3 * mmap.PAGESIZE
    memory = mmap.mmap(-1, size)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    memory[:6] = b"secret"
    checked(mprotect(address, size, mmap.PROT_READ), "mprotect")
    try:
        checked(mseal_types(address, size, MSEAL_T_NATIVE, 0), "mseal_types")
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        print("nothing can seal here")
        return 0

    # Longer, if a neighbour happens to be sealed in the same way.
    ours = next(seals_from(address), None)
    if ours is None or ours.addr != address or ours.len < size or ours.reported:
        print("mseal_query doesn't tell of the seal", file=sys.stderr)
        return 1
    print(f"sealed: {size // mmap.PAGESIZE} pages, types {ours.types:#x}")

    try:
        checked(mprotect(address, size, mmap.PROT_READ | mmap.PROT_WRITE), "mprotect")
    except PermissionError:
        print("it can't be made writable again:", memory[:6].decode())
        return 0
    print("sealed memory became writable", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
