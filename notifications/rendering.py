"""Templates → text. One environment a language; an undefined name fails, HTML is escaped.

A template says each sentence as `("中文", "English") | say`, so that neither language can be forgotten. A filter of
constants is worked out when the template is compiled.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

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

    def say(pair: tuple[str, str] | Text) -> str:
        return (pair if isinstance(pair, Text) else Text(*pair)).in_(language)

    environment.globals.clear()  # no template uses any, and Jinja copies them with each rendering: a fifth of its time
    environment.filters.update(say=say)
    return environment


@cache
def template(message: str, part: str, language: Language) -> Template:
    """The compiled template of one part (`subject.txt`, `text.txt`, `body.html`) of one message (its folder)."""
    return _environment(language).get_template(f"{message}/{part}")
