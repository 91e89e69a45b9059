"""Where two answers differ, and the engine's answers in the shape of the oracle's.

A difference names its place, so that a failing test says what went wrong where.
"""

import math
from typing import Any

TOLERANCE = 1e-10


def differences(expected: Any, actual: Any, tolerance: float = TOLERANCE, place: str = "") -> list[str]:
    """Every place at which `actual` is not as expected; it may hold more keys than expected."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        missing = [f"{place}.{key}: missing" for key in expected if key not in actual]
        both = [key for key in expected if key in actual]
        return missing + [
            found for key in both for found in differences(expected[key], actual[key], tolerance, f"{place}.{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list | tuple) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [found for number, pair in pairs for found in differences(*pair, tolerance, f"{place}[{number}]")]
    if isinstance(expected, float) and isinstance(actual, float):
        same = math.isclose(expected, actual, rel_tol=0, abs_tol=tolerance)
    else:
        same = expected == actual
    return [] if same else [f"{place}: expected {expected!r}, got {actual!r}"]


def by_sign(expected: dict[str, Any], actual: dict[str, Any]) -> dict[str, Any]:
    """The engine's explanation with its indicators by name.

    One that it leaves out says nothing, which is right where the oracle's says nothing too.
    """
    told = {one["id"]: one for one in actual["indicators"]}
    silent = {name: silence(one) for name, one in expected["indicators"].items()}
    return {
        "balance": actual["balance"],
        "indicators": {name: read(one, told.get(name)) for name, one in silent.items()},
    }


def silence(one: dict[str, Any]) -> dict[str, Any]:
    """What an indicator's explanation would be if nobody spoke on it."""
    zeros = {key: dict.fromkeys(one[key], 0.0) for key in ("evidence", "alone", "parts")}
    return {**zeros, "observations": []}


def read(silent: dict[str, Any], told: dict[str, Any] | None) -> dict[str, Any]:
    """What the engine tells of an indicator, levels without evidence filled in."""
    if told is None:
        return silent
    observations = sorted(told["observations"], key=lambda one: (one["origin"], one["level"]))
    return {**told, "evidence": {**silent["evidence"], **told["evidence"]}, "observations": observations}


def comparable(explanation: dict[str, Any]) -> dict[str, Any]:
    """The oracle's explanation, without what rests on a choice between equals or on rounding alone."""
    signs = {}
    for name, one in explanation["indicators"].items():
        observations = sorted(
            (certain(voice) for voice in one["observations"]), key=lambda o: (o["origin"], o["level"])
        )
        for voice in observations:
            # Where a sign's voices cancel, its share of a group's norm is 0/0 up to rounding.
            voice["parts"] = {key: nats for key, nats in voice["parts"].items() if abs(one["alone"][key]) > 1e-7}
        signs[name] = {**one, "observations": observations}
    return {**explanation, "indicators": signs}


def certain(voice: dict[str, Any]) -> dict[str, Any]:
    """A voice without the names of its report where another one is just as strong and as late."""
    unsure = {"rivals"} | ({"external_id", "source"} if voice["rivals"] else set())
    if not voice["external_id"]:
        unsure |= {"external_id"}
    return {key: told for key, told in voice.items() if key not in unsure}
