"""Words of estimative probability; that the bands are the published ones is tested with the published figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.words import SCALES, Scale

scales = st.sampled_from(sorted(SCALES)).map(SCALES.__getitem__)


@pytest.mark.parametrize(
    ("scale", "probability", "word"),
    [
        ("icd203", 0.0, "remote"),
        ("icd203", 0.05, "very-unlikely"),
        ("icd203", 0.45, "even"),
        ("icd203", 0.549999, "even"),
        ("icd203", 0.55, "likely"),
        ("icd203", 0.99, "almost-certain"),
        ("icd203", 1.0, "almost-certain"),
        ("phia", 0.0, "remote-chance"),
        ("phia", 0.07, "remote-chance"),
        ("phia", 0.08, "highly-unlikely"),
        ("phia", 0.52, "realistic-possibility"),
        ("phia", 0.53, "likely"),
        ("phia", 1.0, "almost-certain"),
        ("kent", 0.01, "almost-certainly-not"),
        ("kent", 0.4, "even"),
        ("kent", 0.61, "even"),
        ("kent", 0.62, "probable"),
        ("kent", 0.87, "almost-certain"),
        ("kent", 0.995, "almost-certain"),
    ],
)
def test_the_word_for_a_probability(scale: str, probability: float, word: str) -> None:
    """The low end of a band belongs to it, the high end to the next; in a gap the nearer word is meant."""
    assert SCALES[scale].term(probability) == word


@given(scales, st.floats(0, 1), st.floats(0, 1))
def test_a_likelier_thing_never_has_a_lesser_word(scale: Scale, one: float, other: float) -> None:
    words = list(scale.middles)
    places = [words.index(scale.term(probability)) for probability in sorted([one, other])]
    assert places == sorted(places)


def test_a_row_is_as_unsure_as_the_band_of_its_likeliest_share_is_wide() -> None:
    """An even draw from 0.55 to 0.80 has the variance 0.25² / 12; a share p of n cases has p (1 − p) / (n + 1)."""
    scale = SCALES["icd203"]
    for row, word in (((0.3, 0.7), None), ((0.25, 0.70, 0.05), None), ((0.7, 0.3), "unlikely")):
        assert 0.7 * 0.3 / (scale.cases(row, word) + 1) == pytest.approx(0.25**2 / 12)
    written, read = (SCALES["kent"].cases((0.93, 0.07), word) for word in ("almost-certainly-not", None))
    assert (written + 1) / (read + 1) == pytest.approx((0.12 / 0.10) ** 2)


@given(scales, st.floats(0.001, 0.999))
def test_every_row_is_worth_a_case_or_more(scale: Scale, share: float) -> None:
    assert scale.cases((share, 1 - share)) >= 1


@pytest.mark.parametrize("scale", sorted(SCALES))
def test_a_word_stands_for_the_middle_of_its_band_and_back(scale: str) -> None:
    for (word, middle), (_, low, high) in zip(SCALES[scale].middles.items(), SCALES[scale].bands, strict=True):
        assert low < middle < high
        assert SCALES[scale].term(middle) == word
    assert SCALES["icd203"].middles["very-likely"] == 0.875
