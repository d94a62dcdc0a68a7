"""How loud a sound is, against the figures of ITU-R BS.1770 and EBU Tech 3341."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_engine.prompts.alaw import alaw, encode
from ivr_engine.prompts.level import CEILING, filters, levelled, loudness
from tests.unit.prompts.sounds import sine

CEILING_SAMPLE = 32768 * 10 ** (CEILING / 20)


def test_the_filters_at_48_khz_are_those_the_recommendation_lists() -> None:
    shelf, cut = filters(48_000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585), abs=1e-9
    )
    assert cut == pytest.approx((1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621), abs=1e-9)


def test_the_reference_tone_reads_what_it_must() -> None:
    assert loudness(sine(997, 5, 0.0, 48_000), 48_000) == pytest.approx(-3.01, abs=0.01)
    assert loudness(sine(997, 5, 0.0)) == pytest.approx(-3.01, abs=0.05)
    assert loudness(sine(997, 5, -20.0)) == pytest.approx(-23.01, abs=0.05)


@pytest.mark.parametrize("hz", [100, 300, 1000, 2000, 3000, 3400])
def test_at_a_telephones_rate_it_reads_what_it_reads_at_48_khz(hz: int) -> None:
    narrow, wide = loudness(sine(hz, 3, -20.0)), loudness(sine(hz, 3, -20.0, 48_000), 48_000)
    assert narrow == pytest.approx(wide, abs=0.5)


def test_pauses_do_not_make_it_quieter() -> None:
    """EBU Tech 3341, cases 3 and 4: what is far below the rest is left out by the gates."""
    parts = [*sine(1000, 10, -56.0), *sine(1000, 30, -20.0), *sine(1000, 10, -56.0)]
    assert loudness(parts) == pytest.approx(-23.0, abs=0.1)
    assert loudness([*[0] * 80_000, *sine(1000, 10, -20.0)]) == pytest.approx(-23.0, abs=0.2)


def test_what_is_too_short_for_a_block_is_measured_whole() -> None:
    assert loudness(sine(997, 0.1, -20.0)) == pytest.approx(-23.0, abs=0.3)
    assert loudness(sine(997, 0.39, -20.0)) == pytest.approx(-23.0, abs=0.3)


@pytest.mark.parametrize("silent", [[], [0] * 100, [0] * 8000])
def test_silence_has_no_loudness_and_stays_silent(silent: list[int]) -> None:
    assert loudness(silent) is None
    assert list(levelled(silent)) == silent


@pytest.mark.parametrize("dbfs", [-60.0, -40.0, -20.0, -1.0])
@pytest.mark.parametrize("seconds", [0.2, 3.0])
def test_quiet_and_loud_come_out_alike(dbfs: float, seconds: float) -> None:
    assert loudness(levelled(sine(700, seconds, dbfs))) == pytest.approx(-23.0, abs=0.3)


def test_a_crack_is_turned_down_and_the_rest_stays_loud() -> None:
    sound = sine(700, 3, -40.0)
    sound[12_000:12_040] = sine(700, 0.005, -0.5)
    out = levelled(sound)
    assert max(map(abs, out)) <= CEILING_SAMPLE
    assert loudness(out) == pytest.approx(-23.0, abs=1.0)


@given(st.lists(st.integers(-32768, 32767), max_size=3000))
def test_no_sample_is_above_the_ceiling_whatever_the_sound(samples: list[int]) -> None:
    out = levelled(samples)
    assert len(out) == len(samples)
    assert loudness(samples) is None or max(map(abs, out)) <= CEILING_SAMPLE


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        *((0, 0xD5), (-1, 0x55), (8, 0xD5), (16, 0xD4), (1000, 0xFA), (-1000, 0x7A), (1024, 0xE5), (-1024, 0x7A)),
        *((32767, 0xAA), (-32768, 0x2A)),
    ],
)
def test_a_law_is_that_of_g_711(sample: int, code: int) -> None:
    assert alaw(sample) == code


def test_a_sound_is_encoded_sample_by_sample() -> None:
    samples = [0, 1, -1, 5, 32767, -32768, 12345, -12345]
    assert encode(levelled([0] * 3)) == b"\xd5\xd5\xd5"
    assert list(encode(array("h", samples))) == [alaw(sample) for sample in samples]
