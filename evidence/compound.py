"""What is in an OLE compound file: old Word, Excel and PowerPoint files, and those of WPS ([MS-CFB]).

In: an open file. Out: the names in its directory. Only the directory is read, and of it no more than an office file has.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128  # bytes of one name in the directory
_SECTORS_AT_MOST = 2048  # of the directory: 8192 names and more
_IN_HEADER = 109  # sectors of the allocation table that the header names; others are named in a chain
_LAST_SECTOR = 0xFFFFFFFA  # greater numbers end a chain


class Damaged(Exception):
    """The file is not what it begins like."""


@dataclass(frozen=True, slots=True)
class Names:
    """`root` are those at the top, `every` also those of what is embedded."""

    root: frozenset[str]
    every: frozenset[str]


def names_in(file: BinaryIO) -> Names:
    """The names of the storages and streams. Raises `Damaged`."""
    try:
        entries = list(_entries(file))
        every = [entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le") for entry in entries]
        return Names(frozenset(every[id_] for id_ in _children_of_root(entries)), frozenset(every))
    except (struct.error, UnicodeDecodeError, IndexError, OverflowError):
        raise Damaged from None


def _entries(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    header = file.read(512)
    shift, sector = struct.unpack_from("<H", header, 30)[0], struct.unpack_from("<I", header, 48)[0]
    if header[:8] != SIGNATURE or shift not in (9, 12):
        raise Damaged
    size = 1 << shift
    table = _allocation_table(file, header, size)
    for _ in range(_SECTORS_AT_MOST):
        if sector > _LAST_SECTOR:
            return
        directory = _sector(file, sector, size)
        yield from (directory[at : at + _ENTRY] for at in range(0, size, _ENTRY))
        number, place = divmod(sector, size // 4)
        sector = struct.unpack_from("<I", _sector(file, table[number], size), 4 * place)[0]
    raise Damaged


def _allocation_table(file: BinaryIO, header: bytes, size: int) -> list[int]:
    """The sectors that hold the table of which sector follows which."""
    table = list(struct.unpack_from(f"<{_IN_HEADER}I", header, 76))
    following = struct.unpack_from("<I", header, 68)[0]
    for _ in range(_SECTORS_AT_MOST):
        if following > _LAST_SECTOR:
            return table
        *named, following = struct.unpack(f"<{size // 4}I", _sector(file, following, size))
        table += named
    raise Damaged


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    found = file.read(size)
    if len(found) < size:
        raise Damaged
    return found


def _children_of_root(entries: list[bytes]) -> set[int]:
    """The ids of the entries right below the root: a tree of left and right siblings."""
    found: set[int] = set()
    waiting = [struct.unpack_from("<I", entries[0], 76)[0]] if entries else []
    while waiting:
        id_ = waiting.pop()
        if id_ > _LAST_SECTOR or id_ in found:
            continue
        left, right = struct.unpack_from("<II", entries[id_], 68)
        found.add(id_)
        waiting += [left, right]
    return found
