"""How tests run beside each other (`-n auto`): on how many processes, and in which order. It knows no single test.

A file stays whole in one process (`--dist loadfile`), so what a file's tests share is started once.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No example shall fail because the machine was busy with the test beside it.
settings.register_profile("beside others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside others")

REAL_CALLS = pytest.StashKey[Counter[Path]]()  # how many tests of a file make real calls
POLITE = 10  # how far tests that only reckon step back behind real calls, which live by the clock
MOST = 16  # of the 20 blocks of ports there are (ivr_engine/stand/ports.py): others may run a hotline, too


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as processors: real calls mostly wait, for people who speak and phones that ring."""
    return min(2 * len(os.sched_getaffinity(0)), MOST)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let files with real calls come first, those with most of them before all, so that none is waited for alone.

    Then the machines, which reckon longest.
    """
    if is_beside_others(config):
        real = Counter(item.path for item in items if item.get_closest_marker("real"))
        config.stash[REAL_CALLS] = real
        items.sort(key=lambda item: (-real[item.path], not item.path.stem.endswith("_machine")))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Step back. A process is given no real calls any more when it has had a file without."""
    if is_beside_others(item.config) and not item.config.stash[REAL_CALLS][item.path]:
        os.nice(max(0, POLITE - os.nice(0)))


def is_beside_others(config: pytest.Config) -> bool:
    """Whether this is one of several processes that share the tests."""
    return hasattr(config, "workerinput")
