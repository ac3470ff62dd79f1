import pytest

from office.text import plain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  两行\r\n文字\t完 \n", "两行\n文字\t完"),
        ("空\x00字符\x1f\x7f\x85", "空字符"),
        ("半个\ud83d字符", "半个?字符"),
        ("😀", "😀"),
        ("\x00 \r\n", ""),
    ],
)
def test_only_what_every_database_takes_is_kept_of_what_a_person_wrote(written: str, kept: str) -> None:
    assert plain(written) == kept
