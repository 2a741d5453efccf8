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
from seed.rounds import coding_today, read_round, rounds, still_coded


def agreement(
    data: DataOption = None,
    number: Annotated[
        int | None,
        typer.Option("--round", metavar="N", help="Round of the study; by default the latest."),
    ] = None,
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
    jurisdiction; docs/data-quality.md explains how they are made. Exit code 2 for a round that
    does not exist.
    """
    known = rounds()
    if number is not None and number not in known:
        raise typer.BadParameter(
            f"{number} is none of {', '.join(map(str, known))}", param_hint="--round"
        )
    made = read_round(number or known[-1])
    versions = made.sample.versions
    first, second = made.first, made.second
    if today:
        first = coding_today(Facets(load_checked(data, as_json, progress=False)), versions)
        second = still_coded(second)
    found = results(compare(first, second, versions), made.sample, RESAMPLES)
    if as_json:
        typer.echo(json.dumps({"round": made.number, **asdict(found)}, indent=2))
        return
    groups = {"kind": found.kinds, "field": found.fields, "jurisdiction": found.jurisdictions}
    width = max(len(name) for rows in groups.values() for name in rows)
    for title, rows in groups.items():
        typer.echo(f"{title:{width}}  decisions  same %  kappa  95 %")
        for name, row in rows.items():
            typer.echo(f"{name:{width}}  {_agreement(row)}")
        typer.echo("")
    typer.echo(f"{'all':{width}}  {_agreement(found.overall)}")
    typer.echo(
        f"round {made.number}: {found.versions} versions compared, {len(found.unread)} left out"
    )


def _agreement(found: Agreement) -> str:
    """One line of the table of agreement."""
    kappa = "-" if found.kappa is None else f"{found.kappa:.3f}"
    percent = "-" if found.percent is None else f"{found.percent:.1f}"
    interval = "" if found.low is None else f"{found.low:.3f} to {found.high:.3f}"
    return f"{found.units:9}  {percent:>6}  {kappa:>5}  {interval}".rstrip()
