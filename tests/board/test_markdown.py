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


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("签到表_0328.jpg", "签到表_0328.jpg"),
        ("a__b_c", "a__b_c"),
        ("_重要_ 照片_", "＿重要＿ 照片＿"),
        ("__init__", "＿＿init＿＿"),
        ("甲[乙]", "甲［乙］"),
        ("](http://evil) **通过** <b>", "］(http://evil) ＊＊通过＊＊ ＜b＞"),
        ("`a`|~b~\\\n# c", "｀a｀｜～b～＼ ＃ c"),
    ],
)
def test_the_words_of_a_link_need_no_backslash_which_the_present_ui_would_show(words: str, shown: str) -> None:
    assert link(words, "../x") == f"[{shown}](../x)"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("../../runs?tag=%E6%94%AF&tags=a,b#c", "../../runs?tag=%E6%94%AF&tags=a,b#c"),
        ("https://u@a.cn:8080/b_c/d-e~f?x='1'&y=1+2;z", "https://u@a.cn:8080/b_c/d-e~f?x='1'&y=1+2;z"),
        ("http://a.cn/1) **通过** [x", "http://a.cn/1%29%20%2A%2A%E9%80%9A%E8%BF%87%2A%2A%20%5Bx"),
        ("http://a.cn/照片(1).jpg", "http://a.cn/%E7%85%A7%E7%89%87%281%29.jpg"),
        ('http://a.cn/<a>\\`|"\nb', "http://a.cn/%3Ca%3E%5C%60%7C%22%0Ab"),
        ("http://[::1]:80/a[1]", "http://[::1]:80/a%5B1%5D"),
    ],
)
def test_no_address_ends_its_link_or_styles_what_follows(address: str, sent: str) -> None:
    assert link("甲", address) == f"[甲]({sent})"


@pytest.mark.parametrize(("words", "shown"), [("一二三", "一二三"), ("一二三四", "一二…"), ("一\n二", "一 二")])
def test_long_words_are_shortened(words: str, shown: str) -> None:
    assert shortened(words, 3) == shown


def test_a_table_keeps_headings_together_and_puts_numbers_at_the_right() -> None:
    assert (
        table(("月份", "数"), [("1月", "3"), ("2月", "4")], numbers=(1,)) == "| 月\u2060份 | 数 |\n| :-- | --: |\n| 1月 | 3 |\n| 2月 | 4 |"
    )


def test_a_table_without_rows_is_left_out() -> None:
    assert table(("月份",), []) == ""
