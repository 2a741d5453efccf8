"""The commands of curators: what they print, for people and for scripts, and their exit codes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from typer.testing import CliRunner, Result

from api.cli import app
from models.record import Record
from models.release import ReleaseRecord
from seed.cli import FILES, file_schema
from seed.dataset import default_data
from seed.reader import read_yaml
from seed.report import Coverage

SMALL = Path(__file__).parents[1] / "data" / "small"
ACT = "laws/SG/sg-example-act-2020.yaml"
OLD_ACT = "laws/GB/gb-example-act-1990.yaml"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small dataset, in the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("LEXCOMPARE_FOLDER", "LEXCOMPARE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(SMALL, tmp_path / "small")
    return Path("small")


@pytest.fixture
def broken(data: Path) -> Path:
    """A copy with two mistakes."""
    for file, old, new in (
        ("topics.yaml", "broader: csam", "broader: csem"),
        (ACT, "issuer: sg-minister", "issuer: sg-ministr"),
    ):
        text = (data / file).read_text(encoding="utf-8")
        (data / file).write_text(text.replace(old, new), encoding="utf-8")
    return data


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


MISTAKES = [
    "small/laws/SG/sg-example-act-2020.yaml:10:9: no such authority (found 'sg-ministr');"
    " did you mean 'sg-minister'?",
    "small/topics.yaml:3:55: no such topic (found 'csem'); did you mean 'csam'?",
]

MISTAKES_JSON = [
    {
        "file": "small/laws/SG/sg-example-act-2020.yaml",
        "line": 10,
        "column": 9,
        "message": "no such authority",
        "value": "sg-ministr",
        "suggestion": "sg-minister",
    },
    {
        "file": "small/topics.yaml",
        "line": 3,
        "column": 55,
        "message": "no such topic",
        "value": "csem",
        "suggestion": "csam",
    },
]


# --- check --------------------------------------------------------------------------------------


def test_check_says_what_it_checked(data):
    result = run("seed", "check", "--data", data)
    assert result.exit_code == 0
    assert result.stdout == ""
    pattern = r"no mistakes in 5 laws, 8 provision versions \(\d+\.\d s\)\n"
    assert re.fullmatch(pattern, result.stderr)


def test_check_for_scripts(data):
    result = run("seed", "check", "--data", data, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert json.loads(result.stdout) == {"ok": True, "laws": 5, "versions": 8, "mistakes": []}


def test_check_prints_mistakes_as_compilers_do(broken):
    result = run("seed", "check", "--data", broken)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [*MISTAKES, "2 mistake(s)"]


def test_check_gives_mistakes_to_scripts(broken):
    result = run("seed", "check", "--data", broken, "--json")
    assert result.exit_code == 1
    assert result.stderr == ""
    assert json.loads(result.stdout) == {"ok": False, "mistakes": MISTAKES_JSON}


def test_check_takes_the_dataset_that_ships_by_default(data):
    result = run("seed", "check", "--json")
    assert result.exit_code == 0, result.stdout
    assert json.loads(result.stdout)["laws"] > 50


def test_check_of_a_folder_that_is_not_there(data):
    result = run("seed", "check", "--data", "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "nowhere/release.yaml:1:1: the file is missing\n1 mistake(s)\n"


# --- compile ------------------------------------------------------------------------------------


def test_compile_publishes_and_version_tells_it(data):
    before = run("version", "--json", "--folder", "db")
    assert json.loads(before.stdout) == {
        "lexcompare": package_version("lexcompare"),
        "release": None,
    }
    assert not Path("db").exists(), "asking for the version writes nothing"

    result = run("seed", "compile", "--data", data, "--folder", "db")
    assert result.exit_code == 0
    assert result.stdout == ""
    *steps, last = result.stderr.splitlines()
    assert steps[:3] == ["reading the files", "checking", "building the records"]
    assert re.fullmatch(r"writing [\d,]+ records", steps[3])
    name = last.removeprefix("published release ")
    assert re.fullmatch(r"1\.2\.3-[0-9a-f]{12}", name)

    after = run("version", "--json", "--folder", "db")
    assert json.loads(after.stdout)["release"] == name
    spoken = run("version", "--folder", "db")
    assert spoken.stdout == f"lexcompare {package_version('lexcompare')}, release {name}\n"


def test_version_without_a_release(data):
    result = run("version")
    assert result.exit_code == 0
    assert result.stdout.endswith(", release not compiled yet\n")


def test_compile_for_scripts_prints_the_release(data):
    result = run("seed", "compile", "--data", data, "--folder", "db", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    release = ReleaseRecord.model_validate_json(result.stdout)
    assert release.version == "1.2.3"
    assert release.counts["laws"] == 5
    assert json.loads(result.stdout).keys() == ReleaseRecord.model_fields.keys()


def test_compile_keeps_to_the_folder_of_the_environment(data, monkeypatch):
    monkeypatch.setenv("LEXCOMPARE_FOLDER", "elsewhere")
    assert run("seed", "compile", "--data", data).exit_code == 0
    assert Path("elsewhere/current.json").exists()
    assert not Path(".lexcompare").exists()


@pytest.mark.parametrize("as_json", [False, True])
def test_compile_changes_nothing_when_there_are_mistakes(broken, as_json):
    result = run("seed", "compile", "--data", broken, "--folder", "db", *["--json"] * as_json)
    assert result.exit_code == 1
    assert not Path("db").exists()
    if as_json:
        assert json.loads(result.stdout) == {"ok": False, "mistakes": MISTAKES_JSON}
    else:
        assert result.stderr.splitlines()[-3:] == [*MISTAKES, "2 mistake(s)"]


# --- report -------------------------------------------------------------------------------------


def test_report_for_scripts(data):
    result = run("seed", "report", "--data", data, "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    found = Coverage.model_validate_json(result.stdout)
    assert found.totals == {
        "laws": 5,
        "effects": 13,
        "provisions": 6,
        "outlines": 1,
        "versions": 8,
        "facets": 14,
        "disputes": 1,
    }
    assert [law.law for law in found.laws] == sorted(law.law for law in found.laws)
    act = next(law for law in found.laws if law.law == "sg-example-act-2020")
    assert act.model_dump() == {
        "law": "sg-example-act-2020",
        "effects": 7,
        "provisions": 4,
        "outlines": 1,
        "versions": 6,
        "facets": {
            "definition": 2,
            "offence": 3,
            "sentencing": 1,
            "reach": 2,
            "exception": 1,
            "duty": 2,
            "power": 1,
        },
        "verification": {"official": 4, "consolidated": 1, "unverified": 1},
        "disputes": 1,
        "pending": ["end-of-9"],
        "oldest_check": "2025-11-03",
    }
    assert found.verified_share == 87.5
    assert found.unverified == ["sg-example-act-2020~sec_9"]
    assert found.topics_without_provisions == ["online-safety"]


def test_report_for_people(data):
    result = run("seed", "report", "--data", data)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split()[:2] == ["law", "effects"]
    assert [line.split()[0] for line in lines[1:6]] == [
        "coe-example-convention-2007",
        "gb-example-act-1990",
        "sg-amendment-act-2021",
        "sg-example-act-2020",
        "sg-former-act-1970",
    ]
    assert "87.5 % of versions checked against official or consolidated text" in lines
    assert "unverified: sg-example-act-2020~sec_9" in lines
    assert "topics without a coded provision: online-safety" in lines
    assert "pending effects: sg-example-act-2020~end-of-9" in lines


def test_report_needs_a_dataset_without_mistakes(broken):
    result = run("seed", "report", "--data", broken, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"ok": False, "mistakes": MISTAKES_JSON}


# --- schema -------------------------------------------------------------------------------------


def kind_of_file(path: Path) -> str:
    """What kind of seed file a path is."""
    if path.stem in FILES and path.parent.parent.name != "laws":
        return path.stem
    return "laws" if "laws" in read_yaml(path, path.name).data else "law"


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = file_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


VALIDATORS = {kind: validator(kind) for kind in FILES}

SEED_FILES = [
    pytest.param(path, id=path.relative_to(folder).as_posix())
    for folder in (default_data(), SMALL)
    for path in sorted(folder.rglob("*.yaml"))
]


@pytest.mark.parametrize("path", SEED_FILES)
def test_the_schema_accepts_every_seed_file(path):
    data = read_yaml(path, path.name).data
    found = list(VALIDATORS[kind_of_file(path)].iter_errors(data))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in found[:3]] == []


def test_the_schema_accepts_a_single_class_of_material():
    data = read_yaml(SMALL / OLD_ACT, OLD_ACT).data
    assert data["provisions"][0]["versions"][0]["offences"][0]["material"] == {"class": "csam"}
    assert VALIDATORS["law"].is_valid(data)


def test_the_schema_accepts_conditions_on_what_is_tied():
    rule = {"of": "exception", "through": {"applies_to": {"conduct": "possess"}}}
    entry = {"id": "x", "question": "Q?", "type": "boolean", "group": "g", "topic": "t"}
    schema = VALIDATORS["indicators"]
    assert schema.is_valid({"indicators": [{**entry, "derive": {**rule, "through": {}}}]})
    assert schema.is_valid({"indicators": [{**entry, "derive": rule}]})


def mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a file's content."""
    if isinstance(data, dict):
        yield data
        for key, value in data.items():
            if key != "where":  # its keys are paths into facets, which the schema does not know
                yield from mappings(value)
    elif isinstance(data, list):
        for value in data:
            yield from mappings(value)


@pytest.mark.parametrize("path", sorted(SMALL.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_schema_rejects_a_misspelled_key_wherever_it_stands(path):
    kind = kind_of_file(path)
    data = read_yaml(path, path.name).data
    assert VALIDATORS[kind].is_valid(data)
    for mapping in mappings(data):
        key = next(reversed(mapping))
        mapping[f"{key}s"] = mapping.pop(key)
        assert not VALIDATORS[kind].is_valid(data), f"{key}s"
        mapping[key] = mapping.pop(f"{key}s")
    assert VALIDATORS[kind].is_valid(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind: commences", "kind: commence"),
        ("max: 10y", "max: 10 years"),
        ("fine: unlimited", "fine: unlimitted"),
        ("year: 2020", "year: '2020'"),
        ("topics: [online-safety]", "topics: online-safety"),
        ("mandatory: true", "mandatory: yes"),
        ("date: 2020-02-03", "date: 2020-02-30"),
        ("eid: sec_9", "eid: section 9"),
        ("url: https://example.org/acts/ex2020", "url: example.org"),
    ],
)
def test_the_schema_rejects_what_the_reader_rejects(tmp_path, old, new):
    text = (SMALL / ACT).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "law.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert not VALIDATORS["law"].is_valid(read_yaml(path, path.name).data)


@pytest.mark.parametrize("kind", FILES)
def test_schema_prints_the_schema_of_each_kind(kind):
    result = run("seed", "schema", kind)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == file_schema(kind)


def test_schema_of_a_law_by_default_and_all_into_a_folder(data):
    assert json.loads(run("seed", "schema").stdout) == file_schema("law")
    result = run("seed", "schema", "--into", "deep/schemas")
    assert result.exit_code == 0
    assert result.stdout == ""
    written = {path.name: json.loads(path.read_text()) for path in Path("deep/schemas").iterdir()}
    assert written == {f"{kind}.schema.json": file_schema(kind) for kind in FILES}


def test_schema_of_a_kind_that_does_not_exist():
    result = run("seed", "schema", "lwa")
    assert result.exit_code == 2
    assert "'lwa' is none of law, laws, jurisdictions" in " ".join(
        result.stderr.replace("│", " ").split()
    )


def test_the_schema_explains_every_key_and_word():
    """Editors show these texts: an empty one helps nobody."""
    for kind in FILES:
        schema = file_schema(kind)
        for name, of in {kind: schema, **schema.get("$defs", {})}.items():
            if "properties" in of or "enum" in of:
                assert of.get("description"), f"{kind}: {name}"
            for key, said in of.get("properties", {}).items():
                assert said.get("description"), f"{kind}: {name}.{key}"


def test_every_kind_of_file_has_a_schema():
    from seed.dataset import _SHARED
    from seed.documents import LawEntry, LawsFile, ReleaseFile

    expected: dict[str, type[Record]] = {
        "law": LawEntry,
        "laws": LawsFile,
        "release": ReleaseFile,
        **_SHARED,
    }
    assert expected == FILES


# --- help ---------------------------------------------------------------------------------------


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A command and all below it."""
    yield name, command
    for sub, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {sub}")


COMMANDS = dict(commands(typer.main.get_command(app), "lexcompare"))


def test_the_commands():
    assert {"lexcompare version", "lexcompare serve", "lexcompare openapi"} <= set(COMMANDS)
    assert {f"lexcompare seed {name}" for name in ("check", "compile", "schema", "report")} <= set(
        COMMANDS
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_and_option(name):
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.name
    result = run(*name.split()[1:], "--help")
    assert result.exit_code == 0
    assert command.help.split(".")[0].split()[0] in result.stdout
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--"):
                assert option[:20] in result.stdout, option


def test_an_unknown_option_is_refused_with_the_nearest():
    result = run("seed", "check", "--jsn")
    assert result.exit_code == 2
    assert "--json" in result.stderr
