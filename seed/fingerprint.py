"""Fingerprints of pages: a hash of what a reader sees, not of what changes with every load."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser

_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset=["']?([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_TEXTUAL = re.compile(r"^text/|[/+](json|xml)$|javascript$")
_MARKUP = re.compile(rb"\s*(<!doctype html|<html|<!--)", re.IGNORECASE)
_UNSEEN = {"script", "style"}


def fingerprint(body: bytes, content_type: str) -> str:
    """Return the SHA-256 of a body without what a reader does not see.

    Of HTML the words count: no markup, scripts, styles, comments or attributes, in which sites put
    tokens that are new with every load. Of other text white space does not count. Everything else
    (PDF, images) is taken as it is.
    """
    media, _, parameters = content_type.lower().partition(";")
    media = media.strip()
    if "html" in media or (not media and _MARKUP.match(body)):
        seen = _Words()
        seen.feed(_decoded(body, parameters))
        seen.close()
        text = "".join(seen.parts)
    elif _TEXTUAL.search(media):
        text = _decoded(body, parameters)
    else:
        return hashlib.sha256(body).hexdigest()
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()


class _Words(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        """Begin outside of everything unseen."""
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Part words that stand in different elements."""
        if tag in _UNSEEN:
            self._unseen = tag
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Part words that stand in different elements."""
        if tag == self._unseen:
            self._unseen = ""
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self._unseen:
            self.parts.append(data)


def _decoded(body: bytes, parameters: str) -> str:
    """Turn a body into text by the charset that it, or its header, names."""
    header = _HEADER_CHARSET.search(parameters)
    meta = _CHARSET.search(body[:4096])
    name = header[1] if header else meta[1].decode() if meta else "utf-8"
    try:
        return body.decode(name, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
