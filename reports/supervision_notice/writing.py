"""`SupervisionNotice` → the bytes of one .docx, on A4, about 5 KB.

A morning may need a hundred of them. Building one with python-docx, or filling one with docxtpl, takes 25 ms; here Jinja2 writes the few
parts that such a package needs, which stand in the folder `parts`, in 2 to 5 ms. Whatever is put into them is escaped, line breaks become
Word's and what XML does not allow is left out. The same notice gives the same bytes.
"""

import re
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from office.policy import COLOUR_WORDS, Colour
from office.text import Language, Text
from reports.supervision_notice.notice import SupervisionNotice

INKS = {Colour.BLUE: "1B5A9C", Colour.YELLOW: "B27700", Colour.RED: "C00000"}  # of the title and the line below it

_PARTS = {  # the names in the package, of which the first has to stand first, and their files
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_relations.xml",
    "docProps/core.xml": "properties.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_relations.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/fontTable.xml": "fonts.xml",
    "word/footer1.xml": "footer.xml",
}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # in XML
_LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")
_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')


def supervision_notice(notice: SupervisionNotice, *, language: Language = "zh") -> bytes:
    """The notice as a Word file."""
    environment = _environment(language)
    written = BytesIO()
    words = COLOUR_WORDS[notice.colour]
    values = {"notice": notice, "ink": INKS[notice.colour], "title": Text(words.zh, words.en.capitalize())}
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        for name, file in _PARTS.items():
            part = ZipInfo(name, (notice.on.year, notice.on.month, notice.on.day, 0, 0, 0))
            part.compress_type = ZIP_DEFLATED
            package.writestr(part, environment.get_template(file).render(values))
    return written.getvalue()


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "parts"),
        autoescape=True,
        finalize=_as_words,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )

    def say(pair: tuple[str, str] | Text) -> str:
        return (pair if isinstance(pair, Text) else Text(*pair)).in_(language)

    def day(value: date) -> str:
        return f"{value.year}年{value.month}月{value.day}日" if language == "zh" else value.isoformat()

    environment.filters.update(say=say, day=day)
    return environment


def _as_words(value: object) -> object:
    """What somebody wrote, as the inside of a `w:t`; anything else, and what a macro wrote, as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _BREAK.join(_LINE_ENDS.split(_FORBIDDEN.sub("", value)))
