"""`python -m sdk [NAME ...]`: lint the OpenAPI document, then generate, build and ask clients.

Names choose among linters and clients; `lint` stands for all linters. Exit code 1 on any failure, 3
where the tools could not be installed; what a tool that is not here would have done is skipped, and
said.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from sdk.linters import LINTERS
from sdk.server import expected, serving
from sdk.targets import TARGETS, Target
from sdk.tools import BUILD, AbsentError, FailedError, install_node, install_python

NO_TOOLS = 3
"""Exit code where the tools could not be installed, so that nothing was tried."""


def main(names: list[str]) -> int:
    """Do what is asked for; return the exit code."""
    known = {"lint", *LINTERS, *(target.name for target in TARGETS)}
    if unknown := sorted(set(names) - known):
        print(f"no such name: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        install_python()
    except FailedError as failed:
        print(f"the tools could not be installed: {failed}", flush=True)
        return NO_TOOLS
    try:
        install_node()
    except (AbsentError, FailedError) as absent:
        print(f"without npm's tools: {absent}", flush=True)
    failures: dict[str, str] = {}

    def step(name: str, act: Callable[[], str]) -> None:
        """Do one thing and print its row."""
        try:
            said = act()
        except AbsentError as absent:
            said = f"skipped: {absent}"
        except FailedError as failed:
            said = "FAILED"
            failures[name] = str(failed)
        print(f"{name:<28} {said}", flush=True)

    for name, lint in LINTERS.items():
        if not names or name in names or "lint" in names:
            step(name, lint)
    targets = [target for target in TARGETS if not names or target.name in names]
    with ExitStack() as stack:
        if targets:
            address = stack.enter_context(serving())
            wanted = expected(address)
            for target in targets:
                step(target.name, lambda target=target: _tested(target, address, wanted))  # type: ignore[misc]
    for name, text in failures.items():
        print(f"\n{name}:\n{text}")
    return 1 if failures else 0


def _tested(target: Target, address: str, wanted: dict[str, Any]) -> str:
    """Generate a client and compare what it reads with plain HTTP."""
    folder = target.fresh()
    target.generate(folder)
    if target.ask is None:
        return "generated"
    said = json.loads(target.ask(folder, address).splitlines()[-1])
    names = wanted.keys() - target.cannot
    if different := [name for name in sorted(names) if said.get(name) != wanted[name]]:
        lines = [f"{name}: {said.get(name)!r} and not {wanted[name]!r}" for name in different]
        raise FailedError("\n".join(lines))
    return f"generated, built, asked: {len(wanted['laws'])} laws, a typed problem"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
