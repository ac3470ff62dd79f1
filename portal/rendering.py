"""Templates → pages. One environment a language; an undefined name fails, everything is escaped.

A template says each sentence as `("中文", "English") | say`, like the mails; dates and numbers are Babel's.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.completion import COMPLETION_WORDS, LIGHT_MEANINGS, LIGHT_WORDS, Completion
from engine.listing import BY_WORDS, EVENT_WORDS
from office.text import Language, Text

LOCALES: Mapping[Language, str] = {"zh": "zh_Hans_CN", "en": "en_GB"}
FOLDER = Path(__file__).parent


def render(template: str, language: Language, values: Mapping[str, object]) -> str:
    return _environment(language).get_template(template).render(values)


@lru_cache(maxsize=4096)
def day_words(day: date, language: Language, year: int = 0) -> str:
    """3月31日周二; with its year where that is not `year`."""
    return str(format_skeleton("MMMEd" if day.year == year else "yMMMEd", day, locale=LOCALES[language]))


def number_words(number: float, language: Language) -> str:
    """25,000"""
    return str(format_decimal(number, locale=LOCALES[language]))


def size_words(size: int, language: Language) -> str:
    """1.2 MB"""
    return f"{number_words(round(size / 1e6, 1), language)} MB" if size >= 1e6 else f"{number_words(-(-size // 1000), language)} KB"


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    def say(pair: tuple[str, str] | Text) -> str:
        return (pair if isinstance(pair, Text) else Text(*pair)).in_(language)

    def moment(at: datetime, zone: ZoneInfo) -> str:
        local = at.astimezone(zone)
        return f"{day_words(local.date(), language)} {format_time(local, 'HH:mm', locale=LOCALES[language])}"

    stands = {how: words.in_(language) for how, words in COMPLETION_WORDS.items()}

    def standing(how: Completion) -> str:
        return stands[how]

    environment.filters.update(
        say=say,
        day=lambda day, year=0: day_words(day, language, year),
        number=lambda number: number_words(number, language),
        moment=moment,
        standing=standing,
        light=lambda light: LIGHT_WORDS[light].in_(language),
        meaning=lambda light: LIGHT_MEANINGS[light].in_(language),
        size=lambda size: size_words(size, language),
        happened=lambda action: EVENT_WORDS[action].in_(language) if action in EVENT_WORDS else action,
        doer=lambda by: BY_WORDS[by.partition("（")[0]].in_(language) if by.partition("（")[0] in BY_WORDS else by,
    )
    environment.globals["language"] = language
    return environment
