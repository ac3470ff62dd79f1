"""Every non-empty line of a file ends up as an item, a step, a question, a problem or a skipped line."""

import re
import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.deadlines import split_dated
from intake.gathering import Gathered, Whole
from intake.steps import Source, steps_of
from intake.values import ListReading
from tests.intake.files import csv, document, read, workbook

_CELL = st.sampled_from(
    [
        "",
        "",
        "1",
        "2",
        "一、",
        "查漏补缺",
        "一、综合工作",
        "合计",
        "注：以文件为准",
        "3月底前",
        "每季度",
        "甲科、乙科",
        "甲科牵头，乙科配合",
        "见附件",
        "35",
        "同上",
        "甲科，6月底前",
        "2025年3月印发，持续推进",
    ]
)
_LINES = st.sampled_from(
    [
        "一、总体工作",
        "（一）日常",
        "1.每月查岗。",
        "2.修订办法。",
        "（1）整理档案。",
        "牵头单位：甲科",
        "（责任单位：乙科）",
        "以上工作完成时限：6月底前",
        "这是一段说明文字。",
        "党支部书记",
        "附件：名单",
    ]
)


_PHRASES = st.sampled_from(
    ["3月底前", "节前", "年底前", "每季度", "每月5日前", "上半年", "6月", "10日内", "“七一”前", "3-5月", "第二季度", "每半年至少1次"]
)
_WORDS = ("整改", "修订办法", "各站点", "迎接抽查", "对隐患", "完成", "汇报《甲办法》", "力争", "共同", "2处")
_PIECES = st.just("") | st.sampled_from(_WORDS)
_MARKS = st.sampled_from(["", "", "，", "。", "；", "：", "、", "（", "）", " ", "\n"])
_SENTENCES = st.lists(st.tuples(_PIECES, _MARKS, st.just("") | _PHRASES, _MARKS, _PIECES), min_size=1, max_size=4)


def _folded(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text))


def _said(reading: ListReading) -> str:
    said = [reading.title]
    for item in reading.items:
        said += [item.number, item.content, item.section, item.standard, item.remarks, str(item.points)]
        for step in item.steps:
            said += [step.text, step.deadline.phrase or ""]
            for names in (step.parties.leader, step.parties.lead, step.parties.responsible, step.parties.assisting):
                said += names
    said += [line.text for line in reading.skipped]
    said += [note.text.zh for note in (*reading.questions, *reading.problems)]
    return _folded("|".join(said))


def _lost(reading: ListReading, texts: list[str]) -> list[str]:
    said = _said(reading)
    words = (_folded(word) for text in texts for word in re.split(r"[、，,：:；（）]|牵头|配合|以上工作", text))
    return [word for word in words if word and word not in said and word not in ("单位", "责任单位", "完成时限", "注", "同上")]


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL), max_size=8), st.booleans())
def test_of_a_table(tmp_path: Path, rows: list[tuple[str, ...]], as_csv: bool) -> None:
    header = ("序号", "工作任务", "具体措施", "责任单位", "完成时限")
    rows = [("0", "站岗", "轮值", "丙科", "12月"), *rows]
    texts = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (header, *rows))
    path = csv(tmp_path, texts) if as_csv else workbook(tmp_path, header, *([cell or None for cell in row] for row in rows))
    assert _lost(read(path), [cell for row in rows for cell in row]) == []


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_LINES, max_size=10))
def test_of_prose(tmp_path: Path, lines: list[str]) -> None:
    reading = read(document(tmp_path, "标题", "1.值班。（责任单位：丙科）", *lines))
    assert _lost(reading, lines) == []


@settings(max_examples=400, derandomize=True, deadline=None)
@given(_SENTENCES)
def test_of_a_sentence_that_is_split_at_its_dates(parts: list[tuple[str, ...]]) -> None:
    text = "".join(piece for part in parts for piece in part)
    segments = split_dated(text, 2026)
    said = "|".join(f"{segment.context}|{segment.text}|{segment.deadline and segment.deadline.phrase}" for segment in segments)
    for word in _WORDS:
        assert said.count(word) >= text.count(word)
    if not re.search(r"[（）\n]", text):
        assert all(segment.text in text for segment in segments)  # nothing is put in either


@settings(max_examples=400, derandomize=True, deadline=None)
@given(_SENTENCES)
def test_of_a_measure_without_a_deadline_column(parts: list[tuple[str, ...]]) -> None:
    text = "".join(piece for part in parts for piece in part)
    steps = steps_of(Source(text, "row 2"), Whole(2026), Gathered())
    said = "|".join(f"{step.text}|{step.deadline.phrase}" for step in steps)
    for word in _WORDS:
        assert said.count(word) >= text.count(word)
