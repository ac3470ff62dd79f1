"""What the messages say, how they are encoded, and that every template renders in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import icalendar
import jinja2
import pytest

import notifications
from notifications.handover import HandoverNotice, compose_handover
from notifications.issued import Duty, IssuedNotice, compose_issued
from notifications.mime import Mail, encoded_words, message_id
from notifications.rendering import template
from notifications.sender import Sender
from office.text import Language, Refused

NOW = datetime(2026, 2, 3, 1, 0, tzinfo=UTC)
SENDER = Sender("责任清单 <zeren@office.example>", "党办 林一 <lin@office.example>")
ENGLISH = replace(SENDER, language="en")
MONTHS = tuple((f"{month}月", date(2026 + month // 12, month % 12 + 1, 1) - timedelta(days=1)) for month in range(1, 13))


def duty(content: str = "组织主题党日", **fields: object) -> Duty:
    defaults: dict[str, object] = {
        "content": content,
        "text": content,
        "due": (("", date(2026, 3, 31)),),
        "phrase": "3月底前",
        "standing": False,
        "make_up": False,
        "standard": "有计划、有记录",
        "target": "",
        "party": "第三党支部",
        "leader": "周望",
        "assisting": ("办公室", "人事科"),
        "key": f"key-{content}",
    }
    return Duty(**(defaults | fields))  # type: ignore[arg-type]


def notice(*accountable: Duty, **fields: object) -> IssuedNotice:
    defaults: dict[str, object] = {"person": "王小明", "address": "wang@office.example", "list_title": "2026年度主体责任清单", "year": 2026}
    return IssuedNotice(accountable=accountable or (duty(),), **(defaults | fields))  # type: ignore[arg-type]


def issued(said: IssuedNotice | None = None, sender: Sender = SENDER) -> Mail:
    return compose_issued(said or notice(), sender, key="issued:1:王小明", person_id=None, now=NOW)


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(mail.content, policy=policy.default)
    assert [part.defects for part in message.walk()] == [[]] * len(list(message.walk()))
    return message


def body(mail: Mail, kind: str = "plain") -> str:
    part = parsed(mail).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def calendar_of(mail: Mail) -> icalendar.Calendar:
    (attachment,) = parsed(mail).iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_param("method") == "PUBLISH"
    raw = attachment.get_payload(decode=True)
    assert isinstance(raw, bytes)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    read = icalendar.Calendar.from_ical(raw)
    assert isinstance(read, icalendar.Calendar)
    return read


def test_headers_say_who_to_whom_and_that_no_person_wrote_it() -> None:
    message = parsed(issued())
    assert str(message["From"]) == "责任清单 <zeren@office.example>"
    assert str(message["Reply-To"]) == "党办 林一 <lin@office.example>"
    assert str(message["To"]) == "王小明 <wang@office.example>"
    assert message["Subject"] == "2026年度主体责任清单：您负责 1 项"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert "<zeren.office.example>" in message["List-Id"]
    assert message["MIME-Version"] == "1.0"


def test_every_line_is_ascii_and_short_enough_for_any_server() -> None:
    content = issued(notice(duty("很长的事项" * 200), person="很长的名字" * 20, list_title="很长的标题" * 30)).content
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 76
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert parsed(issued(notice(list_title="很长的标题" * 30)))["Subject"] == "很长的标题" * 30 + "：您负责 1 项"


@pytest.mark.parametrize("text", ["plain", "年度清单", "混合 mixed 标题" * 9, "=?utf-8?b?5Lu7?=", "𠮷野家😀" * 20])
def test_encoded_words_read_back_as_written(text: str) -> None:
    header = message_from_bytes(f"Subject: {encoded_words(text)}\r\n\r\n".encode(), policy=policy.default)["Subject"]
    assert header == text


@pytest.mark.parametrize("name", ['O"Brien \\ Co', "A. B. (C)", "Wang, Xiaoming", "王,小明", "a@b"])
def test_any_name_reads_back_from_its_header(name: str) -> None:
    (address,) = parsed(issued(notice(person=name)))["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "wang@office.example")


@pytest.mark.parametrize("fields", [{"person": "王\r\nBcc: x@y.cn"}, {"address": "a@b.cn\nBcc: x@y.cn"}, {"list_title": "清单\u2028二"}])
def test_a_line_break_never_gets_into_a_header(fields: dict[str, object]) -> None:
    with pytest.raises(Refused):
        issued(notice(**fields))


def test_the_message_id_depends_on_the_ledgers_key_alone() -> None:
    first, later = issued(), compose_issued(notice(duty("别的")), SENDER, key="issued:1:王小明", person_id=7, now=NOW + timedelta(days=9))
    assert first.message_id == later.message_id == parsed(first)["Message-ID"]
    assert first.message_id.endswith("@office.example>")
    assert message_id("issued:1:王小红", SENDER) != first.message_id


def test_html_in_a_duty_is_shown_not_obeyed() -> None:
    html = body(issued(notice(duty("<script>alert(1)</script>", party="<b>支部</b>"))), "html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;b&gt;支部&lt;/b&gt;" in html


def test_html_loads_nothing_from_elsewhere() -> None:
    html = body(issued(), "html")
    assert not [word for word in ("<img", "src=", "url(", "http://", "https://", "<link", "<script") if word in html]


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_text_and_html_say_all_that_a_duty_has(kind: str) -> None:
    said = body(issued(notice(duty("甲", text="甲的步骤", target="全年不少于4次"))), kind)
    for word in (
        "甲",
        "甲的步骤",
        "3月31日前",
        "有计划、有记录",
        "全年不少于4次",
        "第三党支部",
        "周望",
        "办公室、人事科",
        "3月底前",
        "党办 林一",
        "lin@office.example",
    ):
        assert word in said


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_duties_stand_by_due_date_and_the_first_is_named_on_top(kind: str) -> None:
    said = body(issued(notice(duty("晚", due=(("", date(2026, 11, 30)),)), duty("早", due=(("", date(2026, 2, 10)),)))), kind)
    assert said.index("2月10日前") < said.index("我负责的")
    assert said.rindex("2月10日前") < said.index("11月30日前")


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_recurring_duty_is_one_entry_with_its_next_date_and_their_number(kind: str) -> None:
    said = body(issued(notice(duty(due=MONTHS, phrase="每月"))), kind)
    assert "2月28日前" in said  # January is over
    assert "共12次：2月28日、3月31日、4月30日、5月31日 … 12月31日" in said


def test_assisting_and_leading_are_told_apart_from_what_one_answers_for() -> None:
    mail = issued(notice(duty("甲"), assisting=(duty("乙"),), leading=(duty("丙"), duty("丁"))))
    assert mail.subject.endswith("您负责 1 项，请您配合 1 项，您分管 2 项")
    text = body(mail)
    assert text.index("我负责的") < text.index("我配合的（配合）") < text.index("：乙") < text.index("我分管的") < text.index("：丙")


def test_who_only_assists_is_not_told_to_answer_for_anything() -> None:
    mail = issued(replace(notice(), accountable=(), assisting=(duty("乙"),)))
    assert mail.subject == "2026年度主体责任清单：请您配合 1 项"
    assert "我负责的" not in body(mail)


def test_a_duty_overdue_at_issue_is_marked_to_be_made_up() -> None:
    late = notice(duty("甲", due=(("", date(2026, 1, 15)),), make_up=True))
    assert "〔补办〕1月15日前：甲" in body(issued(late))
    assert "补办" in body(issued(late), "html")
    assert "［补办］甲" in str(calendar_of(issued(late)).walk("VEVENT")[0]["SUMMARY"])


def test_of_a_series_only_the_dates_that_have_passed_are_to_be_made_up() -> None:
    said = body(issued(notice(duty("甲", due=MONTHS[:3], make_up=True))))
    summaries = [str(event["SUMMARY"]) for event in calendar_of(issued(notice(duty("甲", due=MONTHS[:3], make_up=True)))).walk("VEVENT")]
    assert summaries == ["［补办］甲", "甲", "甲"]
    assert "2月28日前：甲" in said
    assert "〔补办〕" not in said
    assert "共3次：1月31日、2月28日、3月31日；1月31日的请补办" in said


def test_a_date_of_another_year_says_so() -> None:
    assert "2027年1月31日前" in body(issued(notice(duty(due=(("", date(2027, 1, 31)),)))))


def test_the_calendar_has_an_all_day_event_a_due_date() -> None:
    long = "第一行，有逗号；有分号\\有反斜线\n第二行" + "很长" * 60
    calendar = calendar_of(issued(notice(duty("甲", text=long, due=MONTHS[:2]), list_title="清单甲")))
    assert (str(calendar["METHOD"]), str(calendar["X-WR-CALNAME"])) == ("PUBLISH", "清单甲")
    first, second = calendar.walk("VEVENT")
    assert (first.decoded("DTSTART"), first.decoded("DTEND")) == (date(2026, 1, 31), date(2026, 2, 1))
    assert second.decoded("DTSTART") == date(2026, 2, 28)
    assert str(first["SUMMARY"]) == f"甲：{long}"
    assert "有计划、有记录" in str(first["DESCRIPTION"])
    (alarm,) = first.walk("VALARM")
    assert alarm.decoded("TRIGGER") == -timedelta(days=2, hours=15)


def test_an_event_keeps_its_uid_in_every_message() -> None:
    def uids(mail: Mail) -> list[str]:
        return [str(event["UID"]) for event in calendar_of(mail).walk("VEVENT")]

    said = notice(duty("甲", due=MONTHS[:3]))
    handed = HandoverNotice("赵新", "zhao@office.example", "王小明", "第三党支部书记", date(2026, 2, 1), said.accountable)
    assert len(set(uids(issued(said)))) == 3
    assert uids(issued(said)) == uids(compose_handover(handed, SENDER, key="h", person_id=None, now=NOW))


def test_only_what_one_answers_for_rings() -> None:
    events = calendar_of(issued(notice(duty("甲"), assisting=(duty("乙"),), leading=(duty("丙"),)))).walk("VEVENT")
    assert [(str(event["SUMMARY"]), len(event.walk("VALARM"))) for event in events] == [("甲", 1), ("（配合）乙", 0), ("（分管）丙", 0)]


def test_a_standing_duty_stands_on_the_years_last_day() -> None:
    said = notice(duty("甲", standing=True, due=(), phrase="长期坚持"))
    assert [event.decoded("DTSTART") for event in calendar_of(issued(said)).walk("VEVENT")] == [date(2026, 12, 31)]
    assert "长期坚持：甲" in body(issued(said))


def test_a_duty_that_waits_for_its_date_has_no_event_and_says_so() -> None:
    mail = issued(notice(duty("甲", due=(), phrase="会后7日内")))
    assert list(parsed(mail).iter_attachments()) == []
    assert "会后7日内" in body(mail)
    assert "duties.ics" not in body(mail)


def test_the_successor_is_told_from_whom_the_duties_come() -> None:
    handed = HandoverNotice("赵新", "zhao@office.example", "王小明", "第三党支部书记", date(2026, 2, 1), (duty("甲"),))
    mail = compose_handover(handed, SENDER, key="handover:1", person_id=3, now=NOW)
    assert (mail.kind, mail.subject) == ("handover", "接任第三党支部书记：请接手 1 项责任事项")
    assert "您现任第三党支部书记，王小明同志未办结的 1 项责任事项由您接手" in body(mail)
    vacant = compose_handover(replace(handed, predecessor=""), SENDER, key="handover:1", person_id=3, now=NOW)
    assert "该职务未办结的 1 项" in body(vacant)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_everything_is_said_in_english_too(kind: str) -> None:
    plain = duty("A", text="a", standard="s", party="p", leader="l", assisting=("q", "r"), phrase="x", target="4", make_up=True, due=MONTHS)
    said = notice(plain, person="W", list_title="List", assisting=(plain,), leading=(plain,))
    handed = HandoverNotice("W", "w@office.example", "V", "Head", date(2026, 2, 1), (plain,))
    sender = replace(ENGLISH, reply_to="Lin <lin@office.example>")
    for mail in (issued(said, sender), compose_handover(handed, sender, key="h", person_id=None, now=NOW)):
        shown = body(mail, kind).replace("PingFang SC", "").replace("Microsoft YaHei", "")
        assert [letter for letter in mail.subject + shown if "\u4e00" <= letter <= "\u9fff"] == []
        assert "28 Feb" in shown


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "part",
    sorted(
        {str(path.relative_to(Path(notifications.__file__).parent)) for path in Path(notifications.__file__).parent.glob("*/*.[th][xt]*")}
        - {"link/subject.txt"}  # always the same words: it names nothing
    ),
)
def test_an_undefined_name_fails_in_every_template(part: str, language: Language) -> None:
    message, _, name = part.partition("/")
    with pytest.raises((jinja2.UndefinedError, jinja2.TemplateRuntimeError)):
        template(message, name, language).render({})


def test_the_contact_leader_is_named_in_both_bodies() -> None:
    mail = issued(notice(duty(contact="苏婉宁")))
    assert "联系领导：苏婉宁" in body(mail)
    assert "联系领导" in body(mail, "html")
    assert "联系领导" not in body(issued())


def test_a_supplement_does_not_read_as_if_it_replaced_the_first_mail() -> None:
    mail = issued(notice(supplement=True))
    assert mail.subject.startswith("2026年度主体责任清单（新增）：")
    assert "有新增事项" in body(mail)
    assert "已下发" not in body(mail)
