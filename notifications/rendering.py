"""Templates → text. One environment a language; an undefined name fails, HTML is escaped.

A template says each sentence with `say(中文, English)`, so that neither language can be forgotten.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from notifications import wording
from office.text import Language, Text


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    environment.globals.update(say=say, language=language, chinese=language == "zh")
    environment.filters.update(
        day=lambda value: wording.day(value, language),
        names=lambda value: wording.names(value, language),
    )
    return environment


@cache
def template(message: str, part: str, language: Language) -> Template:
    """The compiled template of one part (`subject.txt`, `text.txt`, `body.html`) of one message (its folder)."""
    return _environment(language).get_template(f"{message}/{part}")
