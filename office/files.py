"""Why a file could not be read or written, in the office's words: the system's own sentence is English, whatever is spoken here.

In: what the system said, and which file. Out: the refusal. Every command says it by these.
"""

from pathlib import Path

from office.text import Refused, Text

MISSING = Text("找不到这个文件", "There is no such file")
EXISTS = Text("文件已存在，没有覆盖", "The file exists and is not overwritten")
_FOLDER = Text("这是一个文件夹，不是文件", "This is a folder and no file")
_FORBIDDEN = Text("没有打开这个文件的权限", "There is no permission to open this file")
_NO_FOLDER = Text("没有这个文件夹，写不了文件", "There is no such folder: the file cannot be written")
_UNREADABLE = Text("读不了这个文件", "This file cannot be read")
_UNWRITABLE = Text("写不了这个文件", "This file cannot be written")


def unreadable(error: OSError, path: Path) -> Refused:
    """Why there is nothing to read."""
    return Refused(_why(error, missing=MISSING, otherwise=_UNREADABLE), place=str(path))


def unwritable(error: OSError, path: Path) -> Refused:
    """Why nothing was written."""
    return Refused(_why(error, missing=_NO_FOLDER, otherwise=_UNWRITABLE), place=str(path))


def _why(error: OSError, *, missing: Text, otherwise: Text) -> Text:
    match error:
        case FileExistsError():
            return EXISTS
        case FileNotFoundError():
            return missing
        case IsADirectoryError():
            return _FOLDER
        case PermissionError():
            return _FORBIDDEN
    return otherwise
