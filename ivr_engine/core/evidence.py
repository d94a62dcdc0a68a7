"""This file decides when one share of callers is surely larger than another, however often one looks. It knows no call.

Somebody who looks after every call and stops at the first p < 0.01 of an ordinary two-proportion test is wrong far more
often than once in a hundred: he has looked a thousand times. So the evidence is an e-value for two proportions
(R. Turner, A. Ly, P. Grünwald: "Generic E-variables for exact sequential k-sample tests that allow for optional
stopping", Journal of Statistical Planning and Inference 230, 2024; arXiv:2106.02693). Calls are taken in blocks of
some new and some old ones. Each block multiplies the evidence by how much likelier it is if the new share is larger
(`old`, `new`) than if both are the one share between them, the mean of both weighed by how many are in the block. If
the new share is not larger the expected factor is at most 1, whatever the shares are and whatever guess was made from
earlier blocks; so by Ville's inequality the evidence ever reaches 100 with a chance of at most 1 %: its inverse is a
p-value valid at all times. No approximation is in it, so it holds for few calls as well.
"""

from collections.abc import Sequence
from math import exp, log

# What the new share may be, as a ratio of odds to the old one: the evidence is the mean over these bets.
ODDS = (1.5, 2.0, 3.0, 6.0)


class Evidence:
    """What blocks of calls say for "more of the new ones hang up"."""

    def __init__(self) -> None:
        self.highest = 1.0
        self._bets = [0.0] * len(ODDS)  # logarithms
        self._old_yes, self._old = 1.0, 5.0  # a first guess: one in five

    @property
    def strength(self) -> float:
        """What speaks for it now: 1 is nothing, 100 is much. `highest` is the most there ever was."""
        return sum(map(exp, self._bets)) / len(ODDS)

    @property
    def p_value(self) -> float:
        """The chance, at most, that evidence as strong as this ever comes up when the new share is not larger."""
        return 1.0 / self.highest

    def block(self, new: Sequence[bool], old: Sequence[bool]) -> None:
        """Take in whether each of some new callers hung up, and each of some old ones. How many is settled before."""
        share = self._old_yes / self._old  # from earlier blocks only: a bet is made before its block is seen
        for number, odds in enumerate(ODDS):
            larger = odds * share / (1 - share + odds * share)
            between = (len(new) * larger + len(old) * share) / (len(new) + len(old))
            self._bets[number] += sum(log(_chance(larger, one) / _chance(between, one)) for one in new)
            self._bets[number] += sum(log(_chance(share, one) / _chance(between, one)) for one in old)
        self._old_yes += sum(old)
        self._old += len(old)
        self.highest = max(self.highest, self.strength)


def _chance(share: float, yes: bool) -> float:
    return share if yes else 1 - share
