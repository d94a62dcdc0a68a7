"""This file decides when somebody has the skills a caller needs. It does not know who waits, or who has which."""

from collections.abc import Mapping
from functools import lru_cache

LANGUAGE = "language"  # among needs: the language he speaks, unless it is the hotline's first
# By name, each once. Of a seat: what it can do, and how well. Of a caller: what he needs, and how well at least.
Skills = tuple[tuple[str, int], ...]

ANYBODY: Skills = ()
MOST_REMEMBERED = 10_000  # pairs, so that nothing is reckoned twice; a hotline has some hundred of them


def skills_of(*levels: Mapping[str, int]) -> Skills:
    """All of them together; the highest level counts."""
    highest: dict[str, int] = {}
    for one in levels:
        for name, level in one.items():
            highest[name] = max(level, highest.get(name, 0))
    return tuple(sorted(highest.items()))


@lru_cache(MOST_REMEMBERED)
def meets(skills: Skills, needs: Skills) -> bool:
    """Whether somebody of these skills has all that is needed."""
    has = dict(skills)
    return all(has.get(name, 0) >= level for name, level in needs)


@lru_cache(MOST_REMEMBERED)
def together(one: Skills, other: Skills) -> Skills:
    """What somebody must have who is to serve callers of both needs."""
    return skills_of(dict(one), dict(other))


def at_most(needs: Skills, most: Mapping[str, int]) -> Skills:
    """What is left of needs when no more than that may be asked for."""
    return tuple((name, min(level, most[name])) for name, level in needs if name in most)


def spoken(needs: Mapping[str, int], language: str, first: str) -> Mapping[str, int]:
    """Needs in which `language` stands for the one a caller speaks; the hotline's `first` one everybody does."""
    if LANGUAGE not in needs:
        return needs
    others = {name: level for name, level in needs.items() if name != LANGUAGE}
    if language == first:
        return others
    return {**others, language: max(needs[LANGUAGE], others.get(language, 0))}
