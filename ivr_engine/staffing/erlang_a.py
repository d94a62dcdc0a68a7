"""This file decides how many seats a load needs. It does not know any live call.

The model is Erlang A (M/M/n+M): calls arrive at random, talks and patience are exponential. With offered wait V,
λ calls, μ talks and θ give-ups a second:

    J(t) = ∫ₜ^∞ exp(λ(1 − e^(−θx))/θ − nμx) dx,    E = Σⱼ₍₀..ₙ₋₁₎ (n−1)!/j! · (μ/λ)^(n−1−j)
    P(V > t) = λ J(t) / (E + λ J(0)),              density λ e^(λH(t) − nμt) / (E + λ J(0))

Source: S. Zeltyn and A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G
queue", Queueing Systems 51 (2005), section 4; the recursion for E is that of Erlang B.
"""

from dataclasses import dataclass
from math import exp, expm1, log

MOST_SEATS = 20_000
STEPS = 400  # of the numeric integral: its error is far below what a forecast needs
NEVER_BUSY = 1e250  # a free seat is so much likelier than none
TAIL = 40.0  # the integrand has fallen by e^-40 where we stop


@dataclass(frozen=True, slots=True)
class Load:
    """What a queue is asked to do. `arrivals` a second; `handling` and `patience` in seconds."""

    arrivals: float
    handling: float
    patience: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What callers may expect with so many seats. Shares of all calls offered; `wait` in seconds, of all callers."""

    seats: int
    within: float  # served within the target
    abandoned: float
    wait: float
    occupancy: float


def forecast(load: Load, seats: int, target: float) -> Forecast:
    """What `seats` seats make of a load; `target` seconds is what counts as served in time."""
    if load.arrivals <= 0:
        return Forecast(seats, 1.0, 0.0, 0.0, 0.0)
    if seats <= 0:
        return Forecast(seats, 0.0, 1.0, load.patience, 0.0)
    rate, mu, theta = load.arrivals, 1 / load.handling, 1 / load.patience
    below = _states_below(rate / mu, seats)
    if below > NEVER_BUSY:
        return Forecast(seats, 1.0, 0.0, 0.0, rate / mu / seats)
    end = _end(rate, seats * mu, theta)
    # All integrals at once, of e^(λH(x) − nμx − peak): the peak is taken out, or a surge overflows every float.
    peak = max(_exponent(rate, seats * mu, theta, at) for at in (0.0, _peak_at(rate, seats * mu, theta)))
    whole, served, timely, waited = 0.0, 0.0, 0.0, 0.0
    for at, width in _midpoints(target, end):
        weight = exp(_exponent(rate, seats * mu, theta, at) - peak) * width
        stays = exp(-theta * at)
        whole += weight
        served += weight * stays
        timely += weight * stays * (at <= target)
        waited += weight * -expm1(-theta * at) / theta  # min(V, patience), in the mean
    total = below * exp(-peak) + rate * whole
    at_once = below * exp(-peak) / total
    answered = at_once + rate * served / total
    return Forecast(
        seats=seats,
        within=at_once + rate * timely / total,
        abandoned=max(0.0, 1 - answered),
        wait=rate * waited / total,
        occupancy=min(1.0, answered * rate / mu / seats),
    )


def seats_needed(load: Load, share: float, target: float) -> Forecast | None:
    """The fewest seats with which `share` of all calls are served within `target` seconds; None if no number is."""
    low, high = 0, 1
    while forecast(load, high, target).within < share:
        low, high = high, high * 2
        if low > MOST_SEATS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if forecast(load, middle, target).within < share:
            low = middle
        else:
            high = middle
    return forecast(load, high, target)


def _states_below(offered: float, seats: int) -> float:
    """E: the weight of all states in which a seat is free, where that of the first busy one is 1."""
    weight = 1.0
    for busy in range(1, seats):
        weight = 1.0 + weight * busy / offered
        if weight > NEVER_BUSY and busy > offered:
            break  # it only grows from here on, out of what a float can hold
    return weight


def _exponent(rate: float, service: float, theta: float, at: float) -> float:
    return rate * -expm1(-theta * at) / theta - service * at


def _peak_at(rate: float, service: float, theta: float) -> float:
    """Where the integrand is largest: where as many give up as come too many."""
    return log(rate / service) / theta if rate > service else 0.0


def _end(rate: float, service: float, theta: float) -> float:
    """Where the integrand has died away."""
    start = _peak_at(rate, service, theta)
    highest = _exponent(rate, service, theta, start)
    width = 1 / service
    while _exponent(rate, service, theta, start + width) > highest - TAIL:
        width *= 2
    return start + width


def _midpoints(target: float, end: float) -> list[tuple[float, float]]:
    """Places and widths of the integral's steps; the target is the border of two steps."""
    border = min(target, end)
    parts = [(0.0, border), (border, end)]
    return [
        (start + (step + 0.5) * (stop - start) / STEPS, (stop - start) / STEPS)
        for start, stop in parts
        for step in range(STEPS)
        if stop > start
    ]
