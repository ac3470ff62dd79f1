"""The rooms of the house import downwards only, and few of them know what is slow to load (docs/architecture.md)."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the ground up. A room imports itself and the rooms named beside it, which stand before it: so there is no way back up.
ROOMS: dict[str, set[str]] = {
    "office": set(),
    "examples": set(),
    "evidence": {"office"},
    "intake": {"office"},
    "models": {"office"},
    "audit": {"models", "office"},
    "notifications": {"models", "office"},
    "engine": {"evidence", "intake", "models", "notifications", "office"},
    "reports": {"engine", "models", "notifications", "office"},
    "settings": {"models", "notifications", "office"},
    "board": {"engine", "intake", "models", "notifications", "office"},
    "portal": {"reports", "engine", "evidence", "intake", "models", "notifications", "office", "settings"},
    "tasks": {"board", "reports", "engine", "audit", "intake", "models", "notifications", "office", "settings"},
    "flows": {"tasks", "board", "engine", "audit", "intake", "models", "notifications", "office", "settings"},
    "shell": {
        "portal",
        "evidence",
        "flows",
        "tasks",
        "board",
        "reports",
        "engine",
        "audit",
        "intake",
        "models",
        "notifications",
        "office",
        "settings",
        "examples",
    },
}

# The shell has two floors: what every task needs stands below the tasks, the command line above the flows.
SETTINGS = {"zeren.settings", "zeren.database", "zeren.clock", "zeren.mailing", "zeren.policy"}

# Who may import what is slow to load or knows too much.
GUARDED = {
    "prefect": {"flows", "tasks", "board", "zeren.up", "zeren.demo", "zeren.prefect_app"},
    "openpyxl": {"intake", "reports", "examples"},
    "docx": {"intake", "reports", "examples"},
    "python_calamine": {"intake"},
    "aiosmtplib": {"notifications"},
    "sqlalchemy": {"models", "audit", "notifications", "engine", "board", "portal", "reports", "tasks", "zeren"},
    "typer": {"zeren.cli"},
    "fastapi": {"portal", "zeren.portal"},
    "uvicorn": {"zeren.portal"},
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the rooms, by its dotted name."""
    for folder in sorted({room for room in ROOMS if (ROOT / room).is_dir()} | {"zeren"}):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are written in full"
            yield from ((f"{node.module}.{name.name}", node.lineno) for name in node.names)


def room_of(module: str) -> str | None:
    """The room of one of our modules, or of a name in it; None for what others made."""
    top = module.split(".")[0]
    if top == "zeren":
        return "settings" if within(module, SETTINGS) else "shell"
    return top if top in ROOMS else None


def within(module: str, places: set[str]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


MODULES = dict(modules())


def test_the_table_of_rooms_has_no_way_back_up() -> None:
    order = list(ROOMS)
    assert [(room, other) for room, others in ROOMS.items() for other in others if order.index(other) >= order.index(room)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    upward = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for module, path in MODULES.items()
        if room_of(module) == room
        for name, line in imported(path)
        if (other := room_of(name)) is not None and other != room and other not in ROOMS[room]
    ]
    assert upward == []


@pytest.mark.parametrize("library", GUARDED)
def test_a_library_is_known_only_where_it_belongs(library: str) -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for module, path in MODULES.items()
        if not within(module, GUARDED[library])
        for name, line in imported(path)
        if within(name, {library})
    ]
    assert elsewhere == []


def test_every_room_is_in_the_wheel_and_type_checked() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(project["hatch"]["build"]["targets"]["wheel"]["packages"]) == rooms
    assert set(project["mypy"]["packages"]) == rooms | {"tests", "benchmarks"}


def test_help_loads_nothing_slow() -> None:
    look = (
        "import sys, zeren.cli\n"
        "sys.argv = ['zeren', '--help']\n"
        "try: zeren.cli.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'prefect', 'sqlalchemy', 'pydantic', 'openpyxl', 'docx', 'jinja2'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"
    assert done.stdout.strip(), "help was printed"
