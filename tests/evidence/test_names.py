import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.names import NAME_LENGTH, extension_of, safe_name
from office.text import Refused


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("签到表.pdf", "签到表.pdf"),
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\Users\\林\\照片 一.jpg", "照片 一.jpg"),
        ("cafe\u0301.png", "café.png"),
        ("a:b*c?.pdf", "a_b_c_.pdf"),
        ('x"; filename="y.html', "x__ filename=_y.html"),
        ("  .隐藏.pdf. ", "隐藏.pdf"),
        ("con.pdf", "_con.pdf"),
        ("NUL", "_NUL"),
        ("a\u3000b.pdf", "a b.pdf"),
    ],
)
def test_a_name_is_its_last_part_and_safe(written: str, name: str) -> None:
    assert safe_name(written) == name


@pytest.mark.parametrize("written", ["a\x00.pdf", "a\r\nSet-Cookie: x.pdf", "a\t.pdf", "a\u202efdp.exe", "a\ud800.pdf", "a\u2028.pdf"])
def test_unseen_characters_are_refused(written: str) -> None:
    with pytest.raises(Refused, match="控制字符"):
        safe_name(written)


@pytest.mark.parametrize("written", ["", "/", "..", "../", " ", "C:\\"])
def test_a_name_without_anything_in_it_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="没有名称"):
        safe_name(written)


def test_a_long_name_is_cut_before_its_extension() -> None:
    name = safe_name("长" * 300 + ".docx")
    assert (len(name), name[-6:]) == (NAME_LENGTH, "长.docx")


@pytest.mark.parametrize(("name", "extension"), [("a.PDF", "PDF"), ("a.tar.gz", "gz"), ("2026.3月记录", ""), ("照片", ""), ("a.", "")])
def test_an_extension_is_short_and_latin(name: str, extension: str) -> None:
    assert extension_of(name) == extension


@given(st.text(max_size=400))
def test_whatever_is_sent_becomes_a_safe_name_or_is_refused(written: str) -> None:
    try:
        name = safe_name(written)
    except Refused:
        return
    assert 0 < len(name) <= NAME_LENGTH
    assert name == safe_name(name)
    assert not set(name) & set('/\\<>:"|?*;%\r\n\0')
    assert name not in (".", "..")
