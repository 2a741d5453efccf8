"""Starting: what cannot work is said at once, in a line, before anything is compiled."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from api.cli import app


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """An empty working directory, and no server: what would have been served is kept."""
    served: list[object] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(uvicorn, "run", lambda app, **_: served.append(app))
    for name in ("LEXCOMPARE_FOLDER", "LEXCOMPARE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return served


def serve(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, ["serve", *arguments], env=environment)


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), {"LEXCOMPARE_MAX_AGE": "x"}, "LEXCOMPARE_MAX_AGE=x: this is no whole number\n"),
        ((), {"LEXCOMPARE_FOLDER": "/dev/null/no"}, "cannot write in /dev/null/no: Not a dir"),
        (("--database-url", "mysql://x"), {}, "the database URL is a postgresql:// address or"),
        (
            ("--database-url", "postgresql://u:secret@127.0.0.1:1/x"),
            {},
            "cannot use postgresql://u:***@127.0.0.1:1/x: ",
        ),
        (
            ("--no-compile", "--database-url", "postgresql://127.0.0.1:1/x"),
            {},
            "cannot use postgresql://127.0.0.1:1/x: ",
        ),
        (("--host", "nowhere.invalid"), {}, "cannot listen on nowhere.invalid:0: "),
    ],
)
def test_what_cannot_work_is_one_line(alone, arguments, environment, said):
    result = serve("--port", "0", *arguments, **environment)
    assert result.exit_code == 2
    *before, last = result.stderr.splitlines()
    assert last.startswith(said.rstrip())
    assert before in ([], ["reading the files", "checking"]), "nothing was built"
    assert alone == []


@pytest.mark.parametrize("environment", [{"LEXCOMPARE_PORT": "abc"}, {"LEXCOMPARE_PORT": "99999"}])
def test_a_port_that_is_none_is_refused(alone, environment):
    result = serve(**environment)
    assert result.exit_code == 2
    assert "--port" in result.stderr
    assert "Traceback" not in result.stderr
    assert alone == []


def test_a_port_that_is_taken_is_refused_before_anything_is_compiled(alone, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = serve("--port", str(port))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"cannot listen on 127.0.0.1:{port}: ")
    assert "--port" in result.stderr
    assert alone == []
    assert list(tmp_path.iterdir()) == []


def test_serving_nothing_and_misspelt_variables_are_warned_of(alone, caplog):
    result = serve("--port", "0", "--no-compile", LEXCOMPARE_PROT="1", LEXCOMPARE_QUX="1")
    assert result.exit_code == 0
    assert len(alone) == 1
    assert [record.getMessage() for record in caplog.records] == [
        "LEXCOMPARE_PROT is no setting: did you mean LEXCOMPARE_PORT?",
        "LEXCOMPARE_QUX is no setting",
        "nothing is compiled in .lexcompare: answers are 503 until `lexcompare seed compile`",
    ]
