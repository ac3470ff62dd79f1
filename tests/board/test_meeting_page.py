"""例会材料 as a page: figures in a table, what people wrote in a list, none of it read as Markdown."""

from dataclasses import replace

from board.meeting_page import LINE_SHOWN, meeting_page
from engine.meeting_material import Done
from tests.reports.test_meeting_report import MATERIAL


def test_it_has_the_parts_of_the_word_file_under_a_key_of_the_meeting() -> None:
    page = meeting_page(MATERIAL)
    assert (page.key, page.name) == ("meeting-2026-01-30", "2026年1月30日例会材料")
    for line in (
        "# 2026年1月30日例会材料",
        "## 责任领导、联系领导",
        "| 周望 | 6 | 1 | 2 | 3 | 3 | 50% |",
        "1. **报送台账（1月）；按季报送**",
        "   - 最近一次进展：1月5日：差两家",
        "   - 上次例会以来没有报进展的：吴名",
        "1. **Sheet1!B3**",
    ):
        assert line in page.markdown.splitlines()


def test_what_people_wrote_is_shown_as_it_is_and_not_at_any_length() -> None:
    page = meeting_page(replace(MATERIAL, done=(Done("*甲*|<b>", "长" * 500, ("乙",), 0),)))
    assert "1. **\\*甲\\*\\|\\<b\\>；" + "长" * (LINE_SHOWN - 1) + "…**" in page.markdown
