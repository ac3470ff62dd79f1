"""Small list files, made in the test that needs them."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl

from intake.reading import read_list
from intake.values import ListReading

YEAR = 2026
HEADER = ("序号", "工作任务", "具体措施", "牵头单位", "配合单位", "完成时限")


def workbook(folder: Path, *rows: Sequence[object], merge: Sequence[str] = (), sheet: str = "清单") -> Path:
    path = folder / "list.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for each in merge:
        page.merge_cells(each)
    book.save(path)
    return path


def document(folder: Path, *paragraphs: str) -> Path:
    path = folder / "list.docx"
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    file.save(str(path))
    return path


def csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def repacked(source: Path, target: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The package with one part changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return target


def read(path: Path) -> ListReading:
    return read_list(path, YEAR)


def whys(reading: ListReading) -> dict[str, str]:
    return {line.address: line.why.zh for line in reading.skipped}
