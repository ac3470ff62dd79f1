"""What a working folder holds: the officer who names no file means the only one there.

In: a folder. Out: its only list, or its only roster; or one sentence that names the files found. A roster is known by its sheets.
"""

from pathlib import Path

import python_calamine

from office.text import Refused, Text

SUFFIXES = (".xlsx", ".xlsm", ".docx", ".docm", ".csv", ".xls", ".doc")  # the last two are refused when read, which says why
_ROSTER_SHEETS = {"单位", "人员", "职务", "联系点"}
_SHEETS_OF_A_ROSTER = 3  # one may be missing, which reading it says
_LIST, _ROSTER = Text("清单", "list"), Text("名册", "roster")


def only_list(folder: Path) -> Path:
    """The list in `folder`; refuses where there is none, or more than one."""
    return _only([file for file in _files(folder) if not is_roster(file)], _LIST, folder)


def only_roster(folder: Path) -> Path:
    """The roster in `folder`; refuses where there is none, or more than one."""
    return _only([file for file in _files(folder) if is_roster(file)], _ROSTER, folder)


def is_roster(file: Path) -> bool:
    """Whether it is a workbook with the sheets of a roster. A file that cannot be opened is none."""
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        return False
    try:
        with python_calamine.CalamineWorkbook.from_path(str(file)) as workbook:
            return len(_ROSTER_SHEETS & set(workbook.sheet_names)) >= _SHEETS_OF_A_ROSTER
    except (python_calamine.CalamineError, OSError, ValueError):
        return False


def _files(folder: Path) -> list[Path]:
    """Those that may be meant: what Excel and Word put beside an open file is not."""
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and file.name[0] not in "~." and file.is_file())


def _only(found: list[Path], what: Text, folder: Path) -> Path:
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(Text(f"没有写明{what.zh}文件，文件夹里也没有{what.zh}：{folder}", f"No {what.en} was named, and {folder} holds none"))
    names = [file.name for file in found]
    raise Refused(
        Text(
            f"没有写明{what.zh}文件，文件夹里有{len(names)}份，请填其中一份：{'、'.join(names)}",
            f"No {what.en} was named, and there are {len(names)}; name one of: {', '.join(names)}",
        )
    )
