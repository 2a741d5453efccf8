"""What is checked before the service starts, so that it fails at once and in one line."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from api.query import message_of, nearest
from api.settings import Settings
from models.store import open_store

PREFIX = str(Settings.model_config["env_prefix"])


class StartError(Exception):
    """Why the service cannot start, a line each."""


def read_settings(**given: Any) -> Settings:
    """Return the settings: those given, else the environment's. Raises `StartError`."""
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [
            f"{PREFIX}{str(wrong['loc'][0]).upper()}={wrong['input']}: {message_of(dict(wrong))}"
            for wrong in error.errors()
        ]
        raise StartError("\n".join(lines)) from None


def misspelt(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield a warning for every variable that looks like a setting and is none."""
    known = [name.upper() for name in Settings.model_fields]
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in known:
            near = nearest(name, known)
            yield f"{variable} is no setting" + (f": did you mean {PREFIX}{near}?" if near else "")


def check_port(host: str, port: int) -> None:
    """Refuse an address that another program has, before minutes go into it."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if os.name == "posix":  # elsewhere it would let two programs share a port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        said = f"cannot listen on {host}:{port}: {error.strerror or error}"
        raise StartError(f"{said}; choose another with --port or --host") from None


def check_published(settings: Settings) -> str | None:
    """Return a warning where nothing is compiled yet. Raises `StoreError`."""
    store = open_store(settings.database_url, settings.folder)
    try:
        if store.current() is not None:
            return None
    finally:
        store.close()
    place = "the database" if settings.database_url else settings.folder
    return f"nothing is compiled in {place}: answers are 503 until `lexcompare seed compile`"
