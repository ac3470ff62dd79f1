"""`zeren database upgrade`: bring the tables of an earlier version to this one."""

from typing import TYPE_CHECKING

import typer

from office.text import Refused, Text
from zeren.cli.options import Now, say

if TYPE_CHECKING:
    from evidence.store import FileStore


def register(app: typer.Typer) -> None:
    databases = typer.Typer(help=say("数据库维护。", "Care for the database."), no_args_is_help=True)
    databases.command("upgrade", help=say("升级数据库到本程序的版本；请先备份。", "Bring the tables to this version; back up first."))(
        upgrade
    )
    databases.command(
        "check",
        help=say("核对任务、历史记录和佐证材料有没有在程序之外被改动。", "Look whether assignments, histories or evidence were edited."),
    )(check)
    app.add_typer(databases, name="database")


def upgrade(now: Now = None) -> None:
    from models.migrations import HEAD
    from zeren.database import upgrade as upgrade_database
    from zeren.settings import settings

    found = upgrade_database(settings().database_url)
    if found == HEAD:
        typer.echo(say(f"数据库已是最新版本（{HEAD}）。", f"The database is at this version already ({HEAD})."))
    else:
        typer.echo(say(f"数据库已从 {found} 升级到 {HEAD}。", f"The database went from {found} to {HEAD}."))


def check(now: Now = None) -> None:
    from pathlib import Path

    from engine.auditing import altered
    from engine.files import stored_hashes
    from evidence.store import FileStore
    from zeren.database import reading
    from zeren.settings import settings

    with reading(settings().database_url) as session:
        edited, hashes = altered(session, zone=settings().zone), stored_hashes(session)
    if edited:
        ids = "、".join(map(str, edited[:5]))
        raise Refused(
            Text(
                f"{len(edited)}条任务的状态、报送或历史记录在程序之外被改动过，编号：{ids}",
                f"The state, reports or history of {len(edited)} assignments were edited outside the program: {ids}",
            )
        )
    store = FileStore(Path(settings().evidence_folder))
    if broken := [sha256 for sha256 in hashes if not _is_whole(store, sha256)]:
        names = "、".join(str(store.path(sha256)) for sha256 in broken[:3])
        raise Refused(
            Text(
                f"{len(broken)}份佐证材料的文件不见了或被改动过：{names}",
                f"{len(broken)} files of evidence are missing or were changed: {names}",
            )
        )
    typer.echo(say("历史记录完整，没有被改动。", "The history is whole; nobody edited it."))


def _is_whole(store: "FileStore", sha256: str) -> bool:
    try:
        return store.check(sha256)
    except OSError:
        return False
