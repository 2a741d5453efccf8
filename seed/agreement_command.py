"""The command `agreement`: how far a second coder agrees with the first."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from seed.agreement import RESAMPLES, compare, results
from seed.console import DataOption, JsonOption, load_checked
from seed.facets import Facets
from seed.kappa import Agreement
from seed.rounds import coding_today, first_coding, read_sample, second_coding


def agreement(
    data: DataOption = None,
    today: Annotated[
        bool,
        typer.Option(
            "--today",
            help="Compare with the dataset as it is, not with the first coding as it was made.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show how far a second coder, who coded a random sample again, agrees with the first.

    Percent of decisions that are the same and Cohen's kappa, by kind of facet, field and
    jurisdiction; docs/data-quality.md explains how they are made.
    """
    sample, second = read_sample(), second_coding()
    if today:
        first = coding_today(Facets(load_checked(data, as_json, progress=False)), sample.versions)
    else:
        first = first_coding()
    found = results(compare(first, second, sample.versions), sample, RESAMPLES)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
        return
    groups = {"kind": found.kinds, "field": found.fields, "jurisdiction": found.jurisdictions}
    width = max(len(name) for rows in groups.values() for name in rows)
    for title, rows in groups.items():
        typer.echo(f"{title:{width}}  decisions  same %  kappa  95 %")
        for name, row in rows.items():
            typer.echo(f"{name:{width}}  {_agreement(row)}")
        typer.echo("")
    typer.echo(f"{'all':{width}}  {_agreement(found.overall)}")
    typer.echo(f"{found.versions} versions compared, {len(found.unread)} left out as unread")


def _agreement(found: Agreement) -> str:
    """One line of the table of agreement."""
    kappa = "-" if found.kappa is None else f"{found.kappa:.3f}"
    percent = "-" if found.percent is None else f"{found.percent:.1f}"
    interval = "" if found.low is None else f"{found.low:.3f} to {found.high:.3f}"
    return f"{found.units:9}  {percent:>6}  {kappa:>5}  {interval}".rstrip()
