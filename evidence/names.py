"""The name of a file as a browser sends it → a name that is safe in headers and in every file system.

In: whatever somebody sent. Out: the last part of it, NFC, of at most 200 characters, with its extension. Nothing is kept under
this name: it is what readers see, and what their browsers save the file as.
"""

import re
import unicodedata

from evidence.unfit import Fault, Unfit
from office.text import Text

NAME_LENGTH = 200
_UNFIT = re.compile(r'[<>:"|?*;%]')  # what Windows takes in no name, and what ends or escapes a value in a header
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # names that Windows keeps for devices
_EXTENSION = re.compile(r"\.([0-9A-Za-z]{1,5})$")
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}  # make `fdp.exe` read like `exe.pdf`


def safe_name(written: str) -> str:
    """The last part of `written`: browsers of old send the whole path. Refuses control characters and names without anything in them."""
    if any(map(_unseen, written)):
        raise Unfit(Fault.NAME, Text("文件名里有看不见的控制字符，请改名后再交", "The file's name has control characters in it: rename it"))
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", written))[-1]
    name = _UNFIT.sub("_", " ".join(last.split())).strip(". ")
    if not name:
        raise Unfit(Fault.NAME, Text("文件没有名称，请改名后再交", "The file has no name: rename it"))
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name) <= NAME_LENGTH:
        return name
    ending = f".{extension}" if (extension := extension_of(name)) else ""
    return name[: NAME_LENGTH - len(ending)].rstrip(". ") + ending


def extension_of(name: str) -> str:
    """The extension as written, without its dot; empty where there is none, as in `2026.3月记录`."""
    found = _EXTENSION.search(name)
    return found[1] if found else ""


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(sign) in _TURNING
