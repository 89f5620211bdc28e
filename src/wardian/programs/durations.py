"""ISO 8601 durations, as the `cache` of a step wants them."""

import re

_SHAPE = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_SECONDS = {
    "years": 365 * 86400,
    "months": 30 * 86400,
    "weeks": 7 * 86400,
    "days": 86400,
    "hours": 3600,
    "minutes": 60,
    "seconds": 1,
}
"""A year counts 365 days and a month 30: a cache needs no calendar."""


def seconds_of(duration: str) -> float:
    """`P30D` → 2592000.0; `P0D` → 0.0, which means: never reuse."""
    found = _SHAPE.fullmatch(duration.strip().upper())
    if found is None:
        raise ValueError(f"{duration!r} is not an ISO 8601 duration such as P30D, PT12H or P0D")
    return sum(float(amount) * _SECONDS[unit] for unit, amount in found.groupdict().items() if amount)
