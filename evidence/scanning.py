"""A virus scanner of the office's: a command that is given a file.

In: the command and a path. Out: nothing where the file is clean. Exit status 0 means clean and 1 infected, as clamscan and clamdscan
have it; anything else, and silence, means that nobody knows: then the file is not taken.
"""

import shlex
import subprocess
from pathlib import Path

from evidence.kinds import Fault, Unfit
from office.text import Text, Unavailable

WITHIN_SECONDS = 120


def scan(command: str, path: Path, name: str) -> None:
    """Pass a file to the scanner; raises `Unfit` where it is infected, Unavailable where the scanner does not say."""
    if not command.strip():
        return
    try:
        status = subprocess.run(  # noqa: S603  the office's own setting; the path is ours
            [*shlex.split(command), str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WITHIN_SECONDS,
            check=False,
        ).returncode
    except (OSError, ValueError, subprocess.TimeoutExpired):
        status = -1
    if status == 1:
        raise Unfit(Fault.VIRUS, Text(f"“{name}”没有通过病毒检查，未保存", f"{name} did not pass the virus scanner and is not kept"))
    if status != 0:
        raise Unavailable(
            Text(f"病毒检查暂时不可用，“{name}”没有保存，请稍后再试", f"The virus scanner does not answer; {name} is not kept, try later")
        )
