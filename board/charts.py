"""Charts as SVG within a Markdown image: what both UIs show alike. The present one draws no diagrams, the new one draws them without
colours; an image they both leave as it is. It has a ground of its own, because it cannot know whether the UI around it is dark.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
GROUND, FRAME, INK, SOFT, GRID = "#ffffff", "#d9dbe0", "#1d1f23", "#5d626b", "#e8e9ec"
FONT = "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
GREEN, OLIVE, GREY, BLUE, AMBER, RED = "#2a7e43", "#9db64a", "#8b95a5", "#2f6fd0", "#e0a526", "#cb2431"
PAD, BAR, LEGEND = 16, 30, 24
COLUMNS, LABEL = 150, 20  # heights of a column chart and of the words below it
WIDE_COLUMN = 54  # has room for four Chinese characters


@dataclass(frozen=True, slots=True)
class Share:
    """One colour of a chart: how many of what."""

    name: str
    colour: str
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a column chart: its shares from below upwards."""

    label: str
    shares: tuple[Share, ...]


def image(svg: str, words: str) -> str:
    """A chart as Markdown; `words` say what it shows to those who cannot see it."""
    shown = words.replace("[", "（").replace("]", "）").replace("\n", " ")
    return f"![{shown}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"


def shares_bar(shares: Sequence[Share]) -> str:
    """One bar that is divided into shares, and a legend with their counts. An empty one where all are 0."""
    total = sum(share.count for share in shares)
    legend, lines = _legend([share for share in shares if share.count], PAD + BAR + LEGEND, counted=True)
    parts = []
    x = float(PAD)
    for share in shares:
        if share.count:
            width = share.count / total * (WIDTH - 2 * PAD)
            parts.append(_rect(x, PAD, max(width - 1, 1), BAR, share.colour))
            x += width
    if not total:
        parts.append(_rect(PAD, PAD, WIDTH - 2 * PAD, BAR, GRID))
    return _svg(PAD + BAR + LEGEND * lines + PAD, *parts, *legend)


def columns(bars: Sequence[Column]) -> str:
    """Columns of the same shares side by side, each with its sum on top."""
    highest = max((sum(share.count for share in bar.shares) for bar in bars), default=0) or 1
    room = (WIDTH - 2 * PAD) / max(len(bars), 1)
    width = min(room * 0.62, 44)
    foot = PAD + LABEL + COLUMNS
    parts = [f'<line x1="{PAD}" y1="{foot + 0.5}" x2="{WIDTH - PAD}" y2="{foot + 0.5}" stroke="{FRAME}"/>']
    for position, bar in enumerate(bars):
        middle = PAD + room * (position + 0.5)
        y = float(foot)
        for share in bar.shares:
            if share.count:
                height = share.count / highest * COLUMNS
                y -= height
                parts.append(_rect(middle - width / 2, y, width, max(height - 0.5, 0.5), share.colour))
        count = sum(share.count for share in bar.shares)
        parts.append(_text(middle, y - 6, str(count), SOFT, anchor="middle", size=13) if count else "")
        parts.append(_text(middle, foot + LABEL, bar.label, INK, anchor="middle", size=15 if room > WIDE_COLUMN else 12))
    seen = {share.name: share for bar in bars for share in bar.shares if share.count}
    in_order = [seen[share.name] for share in (bars[0].shares if bars else ()) if share.name in seen]
    legend, lines = _legend(in_order, foot + LABEL + LEGEND + 4, counted=False)
    return _svg(foot + LABEL + LEGEND * lines + PAD, *parts, *legend)


def meter(rate: float | None) -> str:
    """A rate in the row of a table, as signs that every font has: `▰▰▰▰▱ 80%`, on one line."""
    if rate is None:
        return "—"
    full = int(rate * 5)
    return f"{'▰' * full}{'▱' * (5 - full)}\u00a0{int(rate * 100)}%"


def _legend(shares: Sequence[Share], y: float, *, counted: bool) -> tuple[list[str], int]:
    """The legend, and how many lines it takes."""
    parts: list[str] = []
    x, lines = float(PAD), 1
    for share in shares:
        words = f"{share.name} {share.count}" if counted else share.name
        room = 20 + sum(15 if ord(sign) > 0xFF else 8 for sign in words) + 18
        if x + room - 18 > WIDTH - PAD:
            x, y, lines = float(PAD), y + LEGEND, lines + 1
        parts += [_rect(x, y - 11, 12, 12, share.colour), _text(x + 18, y, words, INK)]
        x += room
    return parts, lines


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}"/>'


def _text(x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: int = 15) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _svg(height: float, *parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'font-family="{FONT}"><rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="8" fill="{GROUND}" '
        f'stroke="{FRAME}"/>{"".join(parts)}</svg>'
    )
