"""Damaged copies of a file, for readers to refuse: flipped bytes, cuts, exchanged length fields, doubled pieces."""

from collections.abc import Callable, Iterator
from random import Random

_HEAD = 4096  # where formats keep their lengths and marks
_LENGTHS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_WORDS = (b"nan", b"inf", b"-1", b"1e309", b"99999999999", b"\0", b"\xff\xfe", b"\r\n", b"../x", b"<", b"")

Damage = Callable[[bytearray, Random], bytes]


def mutations(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Give damaged copies of a file, the same ones for the same seed.

    Six in ten lie in the first 4 KiB, the rest anywhere or at the end; kinds of damage take turns, one in six is a cut.

    Args:
        content: of a file that is whole; not empty.
        count: how many copies.
        seed: of the choice.
    """
    chance = Random(seed)
    for index in range(count):
        yield _DAMAGES[index % len(_DAMAGES)](bytearray(content), chance)


def _place(length: int, chance: Random) -> int:
    """Give an offset, more often in the head, and seldom in its last bytes, where many formats keep a directory."""
    draw = chance.random()
    if draw < 0.6:
        return chance.randrange(min(length, _HEAD))
    return chance.randrange(length) if draw < 0.93 else length - 1 - chance.randrange(min(length, 64))


def _cut(content: bytearray, chance: Random) -> bytes:
    return bytes(content[: _place(len(content), chance)])


def _flip(content: bytearray, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        content[_place(len(content), chance)] ^= 1 << chance.randrange(8)
    return bytes(content)


def _overwrite(content: bytearray, chance: Random) -> bytes:
    content[_place(len(content), chance)] = chance.choice((0, 1, 0x20, 0x2D, 0x7F, 0x80, 0xFE, 0xFF))
    return bytes(content)


def _relength(content: bytearray, chance: Random) -> bytes:
    """Put a length that no file has where a length may stand."""
    width, order = chance.choice((1, 2, 4, 8)), chance.choice(("little", "big"))
    value = (chance.choice(_LENGTHS) & (1 << 8 * width) - 1).to_bytes(width, order)
    at = _place(len(content), chance)
    content[at : at + width] = value
    return bytes(content)


def _exchange(content: bytearray, chance: Random) -> bytes:
    """Exchange two fields of one width, as lengths of two blocks."""
    width = chance.choice((2, 4, 8))
    one, two = (_place(max(len(content) - width, 1), chance) for _ in range(2))
    first, second = content[one : one + width], content[two : two + width]
    content[one : one + width], content[two : two + width] = second, first
    return bytes(content)


def _insert(content: bytearray, chance: Random) -> bytes:
    """Put a piece of the file, or a word that numbers and names are not, in its middle."""
    at, start = _place(len(content), chance), _place(len(content), chance)
    piece = chance.choice((bytes(content[start : start + chance.randrange(1, 64)]), chance.choice(_WORDS)))
    return bytes(content[:at] + piece + content[at + chance.choice((0, 0, len(piece), 16)) :])


_DAMAGES: tuple[Damage, ...] = (_cut, _flip, _relength, _overwrite, _exchange, _insert)
