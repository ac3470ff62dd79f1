"""Words as Markdown that both UIs show alike: what people wrote stays as it is, tables keep their columns."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")
_FULL_WIDTH = str.maketrans("[]*<>`\\|~#", "［］＊＜＞｀＼｜～＃")
_AT_AN_EDGE = re.compile(r"(?<!\w)_+|_+(?!\w)")  # of a word: within one it styles nothing
_IP6_HOST = re.compile(r"https?://\[[0-9a-f:.]+\]", re.IGNORECASE)
_OF_AN_ADDRESS = "%/:?#@!$&',;=+"  # what neither ends a link nor styles it
_UNBROKEN = "\u2060"  # joins two signs, so that no line ends between them


def plain(words: str) -> str:
    """What somebody wrote, on one line, with none of it read as Markdown or HTML."""
    return _SIGNS.sub(r"\\\1", " ".join(words.split()))


def link(words: str, address: str) -> str:
    """A link whatever its words and its address contain. The present UI shows the backslashes of link words, so the rare signs that
    would be read as Markdown are written full width.
    """
    return f"[{_as_link_words(words)}]({_as_destination(address)})"


def _as_link_words(words: str) -> str:
    one_line = " ".join(words.split()).translate(_FULL_WIDTH)
    return _AT_AN_EDGE.sub(lambda found: "＿" * len(found.group()), one_line)


def _as_destination(address: str) -> str:
    """What could end the link or style it, percent-encoded; what is encoded already stays."""
    host = found.group() if (found := _IP6_HOST.match(address)) else ""
    return host + quote(address[len(host) :], safe=_OF_AN_ADDRESS)


def shortened(words: str, length: int) -> str:
    """At most `length` characters of a text that may be long."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= length else f"{one_line[: length - 1]}…"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()) -> str:
    """A table; cells are Markdown, the columns in `numbers` stand at the right. Empty without rows.

    Chinese may break between any two signs: short headings are kept together, or a narrow page would write them downwards.
    """
    at_right = set(numbers)
    lines = [" | ".join(cells) for cells in rows]
    if not lines:
        return ""
    head = " | ".join(_UNBROKEN.join(heading) for heading in headings)
    rule = " | ".join("--:" if position in at_right else ":--" for position in range(len(headings)))
    return "\n".join(f"| {line} |" for line in (head, rule, *lines))
