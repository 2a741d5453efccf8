"""Addresses that lead nowhere: the known one that was meant, or those that lie below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz

from api.query import NEAR


def helpful(path: str, known: Sequence[str]) -> list[str]:
    """Return the address that differs by slashes, or those below, or the one that comes nearest."""
    steps = [step for step in path.split("/") if step]
    plain = "/".join(["", *steps])
    if plain in known:
        return [plain]
    below = [address for address in known if address.startswith(f"{plain}/")]
    if below:
        return sorted(address for address in below if "{" not in address)
    nearest = max(_meant(steps, known), default=None)
    return [nearest[1]] if nearest else []


def _meant(steps: Sequence[str], known: Iterable[str]) -> Iterator[tuple[float, str]]:
    """Yield every address of which each step comes near, and how near; ids stay as they were."""
    for address in known:
        places = address.strip("/").split("/")
        if len(places) != len(steps):
            continue
        pairs = [
            (given, given if place.startswith("{") else place)
            for given, place in zip(steps, places, strict=True)
        ]
        scores = [fuzz.ratio(*pair) for pair in pairs]
        if min(scores) >= NEAR:
            yield sum(scores), "/".join(["", *(place for _, place in pairs)])
