"""What the officer means who leaves a field of a form as it was: this year, the only file there, the roster that is stored.

Files are named as in the form, relative to the folder in which `zeren up` runs. Everything here looks and stores nothing.
"""

import re
import unicodedata
from datetime import date
from pathlib import Path

from engine.roster import load_roster
from intake.folder import only_list, only_roster
from office.text import Refused, Text
from office.workdays import workdays_after
from tasks.environment import now, open_rehearsal, zone

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
TITLE = re.compile(r"《([^》]*)》")
DATE_PARTS = re.compile(r"[-./年月]")
BETWEEN = re.compile(r"[\n,，、;；]")
THIS_YEAR = 0  # in a form, whose fields cannot be left empty where a number stands


def year_meant(year: int) -> int:
    """The year of the form, or the present one in the office's zone; Refused for one that no list can have."""
    if year != THIS_YEAR and not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refused(
            Text(f"年度应为 {EARLIEST_YEAR} 至 {LATEST_YEAR}，0 表示今年：{year}", f"No year of a list, nor 0 for this one: {year}")
        )
    return year or this_year()


def this_year() -> int:
    """The present year in the office's zone."""
    return now().astimezone(zone()).year


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


def day_meant(written: str) -> date | None:
    """The day in a field that may be left empty: None where it is; Refused for what is no date. 2026.7.1 and 2026年7月1日 are dates too."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if not plain:
        return None
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in DATE_PARTS.split(plain.removesuffix("日"))))
    except ValueError:
        raise Refused(Text(f"日期应像 2026-07-01 这样写：{plain}", f"A date is written like 2026-07-01: {plain}")) from None


def amount_meant(written: str) -> float | None:
    """The number in a field that may be left empty: None where it is; Refused for what is no number."""
    if not written.strip():
        return None
    try:
        return float(unicodedata.normalize("NFKC", written).strip())
    except ValueError:
        raise Refused(Text(f"完成数量应为数字：{written.strip()}", f"The amount is no number: {written.strip()}")) from None


def evidence_meant(written: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of each line: the address stands last in it, what stands before it is its name."""
    lines = (line.split() for line in written.splitlines())
    return tuple((" ".join(words[:-1]), words[-1]) for words in lines if words)


def numbers_meant(written: str) -> tuple[str, ...]:
    """Numbers of items, each once, between any of the signs that stand between numbers."""
    return tuple(dict.fromkeys(number.strip() for number in BETWEEN.split(written) if number.strip()))


def titles_meant(written: str) -> tuple[str, ...]:
    """Titles of lists, each once: what stands in 《》, else a line each, because a title may have any other sign in it."""
    found = TITLE.findall(written) or written.splitlines()
    return tuple(dict.fromkeys(title.strip() for title in found if title.strip()))


def first_day_meant(written: str) -> date:
    """The day of the form from which something holds; the next working day where it is empty."""
    return day_meant(written) or workdays_after(now().astimezone(zone()).date(), 1)
