import pytest

from board.markdown import link, plain, shortened, table


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("每月主题党日", "每月主题党日"),
        ("2*3=6，_下_划线", r"2\*3=6，\_下\_划线"),
        ("甲|乙\n丙", r"甲\|乙 丙"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[点这里](http://evil)", r"\[点这里\](http://evil)"),
        ("# 标题 `code` ~~删~~", r"\# 标题 \`code\` \~\~删\~\~"),
    ],
)
def test_what_somebody_wrote_is_shown_as_it_is(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_a_link_shows_its_words_as_they_are() -> None:
    assert link("甲[乙]", "../x") == r"[甲\[乙\]](../x)"


@pytest.mark.parametrize(("words", "shown"), [("一二三", "一二三"), ("一二三四", "一二…"), ("一\n二", "一 二")])
def test_long_words_are_shortened(words: str, shown: str) -> None:
    assert shortened(words, 3) == shown


def test_a_table_keeps_headings_together_and_puts_numbers_at_the_right() -> None:
    assert (
        table(("月份", "数"), [("1月", "3"), ("2月", "4")], numbers=(1,)) == "| 月\u2060份 | 数 |\n| :-- | --: |\n| 1月 | 3 |\n| 2月 | 4 |"
    )


def test_a_table_without_rows_is_left_out() -> None:
    assert table(("月份",), []) == ""
