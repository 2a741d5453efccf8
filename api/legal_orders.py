"""The legal orders of a release, read once, and the codes of places that a request names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from weakref import WeakKeyDictionary

import pycountry

from api.problems import Mistake
from api.query import suggest
from api.serving import Release
from models.legal_order import (
    LegalOrders,
    coded_statement,
    groups_statement,
    laws_statement,
    legal_orders,
    orders_statement,
)
from models.statements import Filter, Shape, parameter
from models.vocabulary import JurisdictionKind

_ORDERS, _GROUPS = orders_statement(), groups_statement()
_LAWS, _CODED = laws_statement(), coded_statement()
_READ: WeakKeyDictionary[Release, LegalOrders] = WeakKeyDictionary()


async def orders_of(release: Release) -> LegalOrders:
    """Return the legal orders of a release, read into memory on first use."""
    if release not in _READ:
        orders = await release.read_statement(_ORDERS, {})
        groups = await release.read_statement(_GROUPS, {})
        laws = await release.read_statement(_LAWS, {})
        coded = await release.read_statement(_CODED, {})
        _READ[release] = legal_orders(
            (row[0] for row in orders),
            (row[0] for row in groups),
            (row[0] for row in laws),
            [(law, kind) for law, kind in coded],
        )
    return _READ[release]


async def members(release: Release, groups: Sequence[str], day: date) -> list[str]:
    """Return the jurisdictions that are members of one of the groups on a day."""
    shape = Shape("jurisdictions", (Filter("group", len(groups)),))
    values = {parameter("group", n): group for n, group in enumerate(groups)}
    rows = await release.read(release.page(shape), **values, as_of=day.isoformat(), limit=1000)
    return [row[2] for row in rows]


class Places:
    """Reads codes of places: jurisdictions of the release, and all of ISO 3166."""

    def __init__(self, release: Release, orders: LegalOrders) -> None:
        """Read codes by what a release lists."""
        self.release = release
        self.orders = orders
        self.mistakes: list[Mistake] = []

    async def read(self, parameter: str, codes: Sequence[str], nationality: bool) -> list[str]:
        """Return codes as the legal orders know them; what is wrong with one is kept."""
        found: list[str] = []
        for code in dict.fromkeys(codes):
            message, known = await self._known(code)
            if message is None and nationality and self.orders.country(known) != known:
                message, known = f"a nationality is that of a country, and {code} is a part", code
                suggestion: str | None = self.orders.country(code)
            elif message is not None:
                suggestion = await suggest(self.release, "jurisdictions", code)
            if message is None:
                found.append(known)
                continue
            self.mistakes.append(
                Mistake(parameter=parameter, value=code, message=message, suggestion=suggestion)
            )
        return found

    async def _known(self, code: str) -> tuple[str | None, str]:
        """What is wrong with a code, if anything, and the code to use."""
        order = self.orders.orders.get(code)
        if order is not None:
            body = order.kind == JurisdictionKind.INTERNATIONAL
            return ("this is no place" if body else None), code
        # Codes are capitals, which pycountry does not insist on.
        if code.isupper() and pycountry.countries.get(alpha_2=code) is not None:
            return None, code
        if code.isupper() and pycountry.subdivisions.get(code=code) is not None:
            aliases: Mapping[str, str] = await self.release.aliases("jurisdictions")
            return None, aliases.get(code.lower(), code)
        return "this is no code of a country or of a part of one (ISO 3166)", code
