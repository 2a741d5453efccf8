"""Feeds: dated entries, newest first, as Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"

AUTHORITY = "tag:lexcompare.example,2026:"
"""What every id begins with (RFC 4151): ids stay the same under whatever host a feed is read."""


@dataclass(frozen=True)
class FeedEntry:
    """Something that happened on a day."""

    name: str
    """What its id ends with."""
    title: str
    text: str
    """What happened, a line each."""
    day: date
    url: str
    tags: Sequence[str]


@dataclass(frozen=True)
class Feed:
    """Entries of one kind, newest first."""

    name: str
    """What its id ends with: its path and filters."""
    title: str
    about: str
    home: str
    """Address of the service."""
    addresses: dict[str, str]
    """Its own address in each form, by media type."""
    author: str
    rights: str
    released: date
    """Day of the data; that of a feed without entries."""
    entries: Sequence[FeedEntry]

    @property
    def updated(self) -> date:
        """Day of the newest entry."""
        return self.entries[0].day if self.entries else self.released

    def atom(self) -> str:
        """Write the feed as Atom."""
        feed = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
        _add(feed, "id", AUTHORITY + self.name)
        _add(feed, "title", self.title)
        _add(feed, "subtitle", self.about)
        _add(feed, "updated", _moment(self.updated))
        _add(_add(feed, "author"), "name", self.author)
        _add(feed, "rights", self.rights)
        for media_type, address in self.addresses.items():
            rel = "self" if media_type == ATOM else "alternate"
            _add(feed, "link", rel=rel, type=media_type, href=address)
        for each in self.entries:
            entry = _add(feed, "entry")
            _add(entry, "id", AUTHORITY + each.name)
            _add(entry, "title", each.title)
            _add(entry, "published", _moment(each.day))
            _add(entry, "updated", _moment(each.day))
            # Without a type: readers open only what might be a page.
            _add(entry, "link", rel="alternate", href=each.url)
            for tag in each.tags:
                _add(entry, "category", term=tag)
            _add(entry, "content", each.text, type="text")
        ElementTree.indent(feed)
        text = ElementTree.tostring(feed, encoding="unicode")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'

    def json(self) -> str:
        """Write the feed as JSON Feed."""
        said = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.home,
            "feed_url": self.addresses[JSON_FEED],
            "description": self.about,
            "language": "en",
            "authors": [{"name": self.author}],
            "items": [
                {
                    "id": AUTHORITY + each.name,
                    "url": each.url,
                    "title": each.title,
                    "content_text": each.text,
                    "date_published": _moment(each.day),
                    "date_modified": _moment(each.day),
                    "tags": list(each.tags),
                }
                for each in self.entries
            ],
        }
        return json.dumps(said, ensure_ascii=False)


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, /, **attributes: str
) -> ElementTree.Element:
    """Add an element."""
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text
    return child


def _moment(day: date) -> str:
    """Write a day as the moment at which it begins (RFC 3339): law takes effect with the day."""
    return f"{day.isoformat()}T00:00:00Z"
