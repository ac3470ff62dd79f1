"""A virus scanner that the office has: a command that looks at one file.

In: the command and a file. Out: nothing for a clean one. What could not be looked at is never taken for clean.
"""

import logging
import os
import shlex
import subprocess
from pathlib import Path

from evidence.unfit import Fault, Unfit
from office.text import Text, Unavailable

SECONDS = 120  # for one file: clamscan reads its signatures each time
_INFECTED = 1  # as clamscan and clamdscan say it

_log = logging.getLogger(__name__)


def scan(path: Path, name: str, *, command: str, seconds: float = SECONDS) -> None:
    """Refuse an infected file; raises `Unavailable` where the scanner does not say. An empty `command` looks at nothing."""
    if not command.strip():
        return
    words = shlex.split(command, posix=os.name == "posix")
    try:
        # Its words go nowhere: a pipe that a child of the scanner holds would outlast the time that it has.
        done = subprocess.run(  # noqa: S603 - the office's own setting; the path is ours, and no shell reads it
            [*words, str(path.absolute())], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("the virus scanner does not answer: %s", type(error).__name__)
        raise _unavailable(name) from None
    if done.returncode == _INFECTED:
        _log.warning("the virus scanner found something in a file that was handed in")
        raise Unfit(Fault.VIRUS, Text("查出病毒，没有收；请先杀毒", "A virus was found in it: it is not taken"), place=name)
    if done.returncode != 0:
        _log.warning("the virus scanner ended with status %s", done.returncode)
        raise _unavailable(name)


def _unavailable(name: str) -> Unavailable:
    return Unavailable(
        Text("暂时无法查毒，没有收，请稍后再交", "It cannot be scanned for viruses at the moment: try again later"),
        place=name,
    )
