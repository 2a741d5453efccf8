"""Clients: how each is generated, built and asked.

Each is made with what a user would type (docs/sdks.md has the same commands), in a folder of its
own below build/sdk, and asked by the test program of its language in sdk/clients.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sdk.tools import BUILD, DOCUMENT, HERE, NODE, VENV, FailedError, jar, java, node, run

CLIENTS = HERE / "clients"

ALLOWED = re.compile(
    r"OpenAPI 3\.1 support is still in beta|reserved word|cannot be used as|the schema name: null"
)
"""Warnings that say nothing of the document: about 3.1 as such, a language's reserved words, and
one that the Python generator gives for any document."""


@dataclass(frozen=True)
class Target:
    """A client to generate and, where there is a test program, to ask."""

    name: str
    generate: Callable[[Path], None]
    ask: Callable[[Path, str], str] | None = None
    """Builds it, asks the server at an address, and returns what the test program printed."""
    cannot: frozenset[str] = frozenset()
    """What its generator cannot do with any document, and its program leaves out."""

    @property
    def folder(self) -> Path:
        """Where it is made."""
        return BUILD / "clients" / self.name

    def fresh(self) -> Path:
        """Return its folder, emptied."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        return self.folder


def generator(name: str, **properties: str) -> Callable[[Path], None]:
    """Generate with openapi-generator; a warning about the document is a failure."""

    def generate(folder: Path) -> None:
        given = ",".join(f"{key}={value}" for key, value in properties.items())
        said = run(
            [
                *(java(), "-jar", jar(), "generate", "-g", name, "-i", DOCUMENT),
                *("-o", folder / "client"),
                *(["--additional-properties", given] if given else []),
                *("--git-host", "lexcompare.example", "--git-user-id", "lexcompare"),
                *("--git-repo-id", "client"),
            ]
        )
        warned = [line for line in said.splitlines() if re.search(r"\bWARN\b|\bERROR\b", line)]
        if bad := [line for line in warned if not ALLOWED.search(line)]:
            raise FailedError("\n".join(bad))

    return generate


# --- Python -------------------------------------------------------------------------------------


def python_client(folder: Path) -> None:
    """Generate with openapi-python-client; `--fail-on-warning` hears everything it left out."""
    command: list[str | Path] = [
        "openapi-python-client",
        "generate",
        "--path",
        DOCUMENT,
        "--fail-on-warning",
    ]
    run([*command, "--output-path", folder / "client"])


def ask_python(program: str) -> Callable[[Path, str], str]:
    """Run a Python program beside its client."""

    def ask(folder: Path, address: str) -> str:
        env = {"PYTHONPATH": str(folder / "client")}
        return run([VENV / "bin" / "python", CLIENTS / program, address], folder, env)

    return ask


# --- TypeScript ---------------------------------------------------------------------------------


def hey_api(folder: Path) -> None:
    """Generate with @hey-api/openapi-ts."""
    _in_node(folder)
    run([node("openapi-ts"), "-i", DOCUMENT, "-o", folder / "client", "--no-log-file"], folder)


def openapi_typescript(folder: Path) -> None:
    """Generate types with openapi-typescript."""
    _in_node(folder)
    run([node("openapi-typescript"), DOCUMENT, "-o", folder / "client.d.ts"], folder)


def typescript_fetch(folder: Path) -> None:
    """Generate with openapi-generator's typescript-fetch."""
    _in_node(folder)
    generator("typescript-fetch")(folder)


def _in_node(folder: Path) -> None:
    """Let a folder see the packages of npm."""
    (folder / "node_modules").symlink_to(NODE / "node_modules")


def ask_typescript(program: str) -> Callable[[Path, str], str]:
    """Compile a strict TypeScript program with its client, and run it."""

    def ask(folder: Path, address: str) -> str:
        shutil.copy(CLIENTS / program, folder)
        shutil.copy(CLIENTS / "tsconfig.json", folder)
        run([node("tsc"), "-p", "tsconfig.json"], folder)
        built = (folder / "built" / program).with_suffix(".js")
        return run(["node", built, address], folder)

    return ask


# --- Java, Go -----------------------------------------------------------------------------------


def ask_java(folder: Path, address: str) -> str:
    """Compile with javac alone: the generator's own archive holds the Jackson that clients use."""
    sources = [*(folder / "client" / "src" / "main").rglob("*.java"), CLIENTS / "Main.java"]
    stubs = (CLIENTS / "annotations").rglob("*.java")
    command: list[str | Path] = ["javac", "-nowarn", "-proc:none"]
    command += ["-cp", jar(), "-d", folder / "classes"]
    run([*command, *sources, *stubs], folder)
    return run(["java", "-cp", f"{folder / 'classes'}:{jar()}", "Main", address], folder)


def ask_go(folder: Path, address: str) -> str:
    """Compile with Go: a client needs nothing but its standard library."""
    program = folder / "client" / "cmd" / "check"
    program.mkdir(parents=True)
    shutil.copy(CLIENTS / "main.go", program)
    run(["go", "build", "-o", folder / "check", "./cmd/check"], folder / "client")
    return run([folder / "check", address], folder)


TARGETS = (
    Target("openapi-python-client", python_client, ask_python("python_client.py")),
    Target("hey-api", hey_api, ask_typescript("hey_api.ts")),
    Target("openapi-fetch", openapi_typescript, ask_typescript("openapi_fetch.ts")),
    Target(
        "java",
        generator("java", library="native", openApiNullable="false", useJakartaEe="false"),
        ask_java,
        cannot=frozenset({"csv_lines"}),  # this library reads every text as JSON
    ),
    Target("go", generator("go", packageName="lexcompare", enumClassPrefix="true"), ask_go),
    Target("python", generator("python"), ask_python("generated_python.py")),
    Target("typescript-fetch", typescript_fetch, ask_typescript("typescript_fetch.ts")),
    Target("csharp", generator("csharp")),
    Target("kotlin", generator("kotlin")),
    Target("php", generator("php")),
    Target("rust", generator("rust")),
)
"""The clients that are tested; those without a program are only generated."""
