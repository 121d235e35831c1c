"""How large a label on the map is: by how many pieces it has, and by its letters.

Which font a reader has is not known when the map is made. The widths are those of the widest
sans that browsers fall back to (DejaVu Sans), so that labels in any other have room to spare.
"""

import unicodedata
from math import log

LINE = 1.3  # height of a line, in times the size of the letters

# Widths in thousandths of the size, by the letters that share them.
_WIDTHS = {
    "ijl'|.,:;! ": 345,
    'frt()[]-/\\"': 420,
    "mwMW@%—…": 1000,
    "ABCDEFGHIJKLNOPQRSTUVXYZ&+=<>~#": 730,
}
_WIDTH = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_USUAL = 620


def width_of(label: str, size: float) -> float:
    """Return how wide `label` is at most in letters of that size."""
    return sum(map(_width_of_letter, label)) * size / 1000


def _width_of_letter(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1000
    if letter.isascii() or letter.isalpha():
        return _WIDTH.get(letter, _USUAL if letter.isascii() or letter.islower() else 780)
    return 1000


def size_of(count: int, least: int, greatest: int, smallest: float, largest: float) -> float:
    """Return the size of a label's letters: its area grows with the logarithm of the count."""
    if greatest <= least:
        return (smallest + largest) / 2
    share = log(count / least) / log(greatest / least)
    return round(smallest + (largest - smallest) * share, 1)
