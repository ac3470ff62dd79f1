from datetime import date

from engine.preview import Preview, preview
from intake.values import ListReading, Note, Parties
from office.text import Text
from tests.factories import item_value, list_reading, roster_value

ASKED = Note("Sheet1!D2", Text("请确认", "Is that right?"))


def previewed(reading: ListReading) -> Preview:
    return preview(reading, roster_value(), year=2026, file_name="清单.xlsx", issued_on=date(2026, 1, 5))


def test_it_counts_who_would_be_told_leaders_and_assisting_parties_too() -> None:
    parties = Parties(leader=("周启明",), lead=("造林科", "清河县林业局"), assisting=("办公室",))
    shown = previewed(list_reading(items=(item_value(parties=parties),)))
    assert (shown.told, shown.without_address) == (3, ("罗一鸣",))


def test_it_brings_the_questions_of_reading_and_planning_together_and_the_rosters_beside_them() -> None:
    shown = previewed(list_reading(items=(item_value(parties=Parties(lead=("造木科",))),), questions=(ASKED,)))
    assert [note.address for note in shown.questions] == ["Sheet1!D2", "Sheet1!C2"]
    assert shown.uncovered_branches == ("望山支部",)
    assert any("望山支部" in note.text.zh for note in shown.roster_questions)


def test_problems_of_the_list_are_shown() -> None:
    shown = previewed(ListReading("清单", problems=(ASKED,)))
    assert (shown.problems, shown.items, shown.title) == ((ASKED,), 0, "清单")
