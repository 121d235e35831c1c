"""The proof that reading grows with the text, and no faster: what it would see."""

import time

from benchmarks.torture.growing import FLOOR, grow


def test_reading_that_goes_over_all_again_at_each_letter_is_shown_red() -> None:
    def go_back(text: str) -> None:
        """Take as long as that would, on a machine of any speed."""
        until = time.process_time() + (len(text) / 1_000) ** 2 * 2 * FLOOR
        while time.process_time() < until:
            pass

    (finding,) = grow({"going back": (go_back, "a", 1_000)})

    assert not finding.is_met
    assert finding.what == "going back: 8 times as long a text"


def test_reading_each_letter_once_is_shown_green() -> None:
    (finding,) = grow({"once": (str.upper, "a", 1_000)})

    assert finding.is_met
