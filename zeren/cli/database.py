"""`zeren database upgrade`: bring the tables of an earlier version to this one."""

import typer

from zeren.cli.options import Now, say


def register(app: typer.Typer) -> None:
    databases = typer.Typer(help=say("数据库维护。", "Care for the database."), no_args_is_help=True)
    databases.command("upgrade", help=say("升级数据库到本程序的版本；请先备份。", "Bring the tables to this version; back up first."))(
        upgrade
    )
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
