"""What the officer means who leaves a field of a form as it was: this year, the only file there, the roster that is stored.

Files are named as in the form, relative to the folder in which `zeren up` runs. Everything here looks and stores nothing.
"""

from pathlib import Path

from engine.roster import load_roster
from intake.folder import only_list, only_roster
from office.text import Refused, Text
from tasks.environment import now, open_rehearsal
from zeren.settings import settings

EARLIEST_YEAR = 2000
THIS_YEAR = 0  # in a form, whose fields cannot be left empty where a number stands


def year_meant(year: int) -> int:
    """The year of the form, or the present one in the office's zone; Refused for one that no list can have."""
    if THIS_YEAR < year < EARLIEST_YEAR:
        raise Refused(Text(f"年度应为 {EARLIEST_YEAR} 至 2100，0 表示今年：{year}", f"No year of a list, nor 0 for this one: {year}"))
    return year or now().astimezone(settings().zone).year


def list_meant(file: str) -> str:
    """The list of the form, or the only one in the folder; Refused, naming the files, where it is not the only one."""
    return file.strip() or only_list(Path.cwd()).name


def roster_meant(file: str, year: int) -> str:
    """The roster of the form; "" where one is stored for `year` already; else the only one in the folder, or Refused."""
    if file.strip():
        return file.strip()
    with open_rehearsal() as session:
        stored = session is not None and bool(load_roster(session, year).units)
    return "" if stored else only_roster(Path.cwd()).name


def roster_file_meant(file: str) -> str:
    """The roster of the form, or the only one in the folder; Refused, naming the files, where it is not the only one."""
    return file.strip() or only_roster(Path.cwd()).name
