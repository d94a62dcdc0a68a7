"""On a noisy day our trigger stays quiet where a plain threshold flaps, and finds a true surge: for one fixed seed."""

from bench.flapping import OURS, play, table


def test_a_true_surge_is_found_in_minutes_and_noise_is_none() -> None:
    outcomes = play([2], busiest_hour=900.0, factor=3.0, quiet_days=1)
    naive, ours = outcomes["150 % of yesterday"], outcomes[OURS]
    assert naive.false_fires > 100
    assert ours.false_fires * 20 < naive.false_fires
    assert ours.turns == 2, "on once, and over once"
    assert len(ours.delays) == 1
    assert ours.delays[0] < 600
    assert OURS in table(outcomes)
