"""The report as one HTML file that needs nothing else: styles and charts are in it, no script, nothing is loaded."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from office.text import Language, Text
from reports.rehearsal.blocks import Block, Cell, PeopleWeeks, Report, Table, Weeks, Words
from reports.rehearsal.charts import kinds_of, people_chart, weeks_chart
from reports.rehearsal.words import KIND_WORDS


def page(report: Report, *, language: Language) -> str:
    return _template(language).render(report=report, language=language)


@cache
def _template(language: Language) -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )

    def say(cell: Cell | tuple[str, str]) -> str:
        if isinstance(cell, tuple):
            return Text(*cell).in_(language)
        return cell.in_(language) if isinstance(cell, Text) else str(cell)

    def chart(block: Weeks | PeopleWeeks) -> Markup:
        drawn = weeks_chart(block, language) if isinstance(block, Weeks) else people_chart(block, language)
        return Markup(drawn)  # noqa: S704 - what is written by people is escaped there

    def kind(block: Block) -> str:
        return {Words: "words", Table: "table", Weeks: "weeks", PeopleWeeks: "people"}[type(block)]

    environment.filters.update(say=say, chart=chart, kind=kind, kinds=kinds_of)
    environment.globals.update(kind_words=KIND_WORDS)
    return environment.get_template("page.html")
