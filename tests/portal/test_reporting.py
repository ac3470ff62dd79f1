"""办理情况 in the portal: drafts, files, what a duty with a form of its own asks, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from engine.moves import Action, move
from evidence.receiving import NewFile, Receiver
from evidence.store import Stream
from models import Assignment, AssignmentState, Evidence, Person, Report
from tests import factories
from tests.evidence import files
from tests.portal.conftest import Browser, Office, assignment
from zeren.database import transaction


def write(office: Office, name: str = "soon", *, who: str = "林一", action: str = "report", **fields: object) -> tuple[int, str]:
    browser = office.browser(who)
    return send(browser, office.ids[name], action=action, **fields)


def send(browser: Browser, id_: int, *, action: str = "report", attached: object = None, **fields: object) -> tuple[int, str]:
    page = browser.get(f"/duties/{id_}").text
    version = page.partition('name="version" value="')[2].partition('"')[0] or "0"
    form = {"action": action, "version": version, "text": "已按要求完成", **{k.replace("__", "-"): v for k, v in fields.items()}}
    answer = browser.post(f"/duties/{id_}/report", form, files=attached or {"files": ("", b"")})
    return answer.status_code, answer.text


def reports(office: Office) -> list[Report]:
    with transaction(office.url) as session:
        session.expire_on_commit = False
        return list(session.query(Report))


def test_a_report_with_a_file_is_handed_in_and_its_file_is_opened_by_who_may(office: Office) -> None:
    status, page = write(office, held_on="2026-01-04", attached=[("files", ("../照片.png", files.PNG, "text/html"))])
    assert (status, "已报送，等待审核" in page) == (200, True)
    assert office.one("soon").state is AssignmentState.REPORTED
    (report,) = reports(office)
    assert (report.text, str(report.held_on), report.reported_by) == ("已按要求完成", "2026-01-04", "林一")
    path = "/files/" + page.partition('href="/files/')[2].partition('"')[0]
    for who in ("林一", "周望", "计划员"):
        answer = office.browser(who).get(path)
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, files.PNG, "image/png")
        assert answer.headers["content-disposition"] == "inline; filename*=utf-8''%E7%85%A7%E7%89%87.png"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert office.browser("吴名").get(path).status_code == 404
    assert office.browser().get(path).status_code == 401
    assert office.changes == 1


def test_the_board_s_link_opens_the_file_and_nothing_else(office: Office) -> None:
    write(office, attached=[("files", ("纪要.pdf", files.PDF, ""))])
    with transaction(office.url) as session:
        url = session.query(Evidence).one().url
    answer = office.browser().get(url.removeprefix("http://duties.example"))
    assert (answer.status_code, answer.content) == (200, files.PDF)
    assert answer.headers["content-disposition"].startswith("attachment;")
    token = url.rpartition("/")[2]
    assert office.browser().get(f"/l/{token}").status_code == 403
    assert office.browser().get(f"/evidence/{token[:-4]}").status_code == 403


def test_a_draft_keeps_words_and_files_until_it_is_handed_in(office: Office) -> None:
    status, page = write(office, action="save", text="写了一半 <b>", attached=[("files", ("照片.png", files.PNG, ""))])
    assert (status, "草稿已保存，还没有报送" in page) == (200, True)
    assert office.one("soon").state is AssignmentState.SENT
    page = office.browser("林一").get(f"/duties/{office.ids['soon']}").text
    assert "写了一半 &lt;b&gt;</textarea>" in page
    assert "照片.png" in page
    assert "写了一半" not in office.browser("周望").get(f"/duties/{office.ids['soon']}").text
    assert office.browser("林一").get(f"/duties/{office.ids['soon']}/draft/1").content == files.PNG
    assert office.browser("周望").get(f"/duties/{office.ids['soon']}/draft/1").status_code == 404
    assert write(office, text="写完了")[0] == 200
    assert [report.text for report in reports(office)] == ["写完了"]
    assert office.browser("林一").get(f"/duties/{office.ids['soon']}/draft/1").status_code == 404


def test_a_file_is_taken_out_of_a_draft(office: Office) -> None:
    write(office, action="save", attached=[("files", ("一.png", files.PNG, "")), ("files", ("二.pdf", files.PDF, ""))])
    _, page = write(office, action="save", remove="1")
    assert "一.png" not in page
    assert "二.pdf" in page


def test_two_tabs_lose_nothing(office: Office) -> None:
    first, second = office.browser("林一"), office.browser("林一")
    first.get(f"/duties/{office.ids['soon']}")
    second.get(f"/duties/{office.ids['soon']}")
    form = {"action": "save", "version": "0", "text": "第一个窗口"}
    assert first.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")}).status_code == 200
    form = {"action": "report", "version": "0", "text": "第二个窗口"}
    answer = second.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("图.png", files.PNG)})
    assert answer.status_code == 409
    assert "第一个窗口</textarea>" in answer.text
    assert "第二个窗口" in answer.text
    assert "图.png" in answer.text
    assert office.one("soon").state is AssignmentState.SENT


def test_two_tabs_that_hand_in_at_once_make_one_report(office: Office) -> None:
    first, second = office.browser("林一"), office.browser("林一")
    first.get(f"/duties/{office.ids['soon']}")
    second.get(f"/duties/{office.ids['soon']}")
    form = {"action": "report", "version": "0", "text": "办完了"}
    assert first.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")}).status_code == 200
    answer = second.post(f"/duties/{office.ids['soon']}/report", {**form, "text": "又写一遍"}, files={"files": ("", b"")})
    assert (answer.status_code, "又写一遍" in answer.text) == (409, True)
    assert len(reports(office)) == 1


def test_a_report_for_a_withdrawn_duty_is_not_taken_and_not_lost(office: Office) -> None:
    browser = office.browser("林一")
    browser.get(f"/duties/{office.ids['soon']}")
    with transaction(office.url) as session:
        move(session, [office.ids["soon"]], Action.WITHDRAW, reason="", by="计划员", now=office.now)
    status, page = send(browser, office.ids["soon"], text="刚办完")
    assert (status, "任务已撤销，这次填写没有报送" in page, "刚办完" in page) == (409, True, True)
    assert reports(office) == []


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("木马.exe", b"MZ\x90\0" + bytes(50), 415, "木马.exe：是程序"),
        ("纪要.pdf", files.PNG, 415, "与扩展名 .pdf 不符"),
        ("空.pdf", b"", 422, "空文件"),
        ("大.png", files.PNG + bytes(1_100_000), 413, "超过 1 MB"),
        ("图\u202egnp.exe", files.PNG, 422, "控制字符"),
    ],
)
def test_an_unfit_file_is_named_and_the_words_are_kept(office: Office, name: str, content: bytes, status: int, said: str) -> None:
    found, page = write(office, text="写好的内容", attached=[("files", (name, content, ""))])
    assert (found, said in page, "写好的内容</textarea>" in page) == (status, True, True)
    assert office.one("soon").state is AssignmentState.SENT


def test_too_many_files_and_too_much_at_once(office: Office) -> None:
    many = [("files", (f"{n}.png", files.PNG + bytes([n]), "")) for n in range(21)]
    status, page = write(office, attached=many)
    assert (status, "最多附 20 个" in page, "已按要求完成" in page) == (422, True, True)
    browser = office.browser("林一")
    browser.get(f"/duties/{office.ids['soon']}")
    large = [("files", (f"{n}.png", bytes(30_000_000), "")) for n in range(8)]
    assert browser.post(f"/duties/{office.ids['soon']}/report", {"text": "x"}, files=large).status_code == 413


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " \n "}, "办理情况没有写内容"),
        ({"held_on": "2026-01-06"}, "还没有到"),
        ({"held_on": "昨天"}, "办理日期不是日期"),
        ({"amount": "3"}, "没有数量目标"),
        ({"text": "长" * 20_001}, "至多 20000 字"),
    ],
)
def test_an_unfit_report_is_not_handed_in_and_stays_a_draft(office: Office, fields: dict[str, str], said: str) -> None:
    status, page = write(office, **fields)
    assert (status, said in page) == (422, True)
    assert office.one("soon").state is AssignmentState.SENT


@pytest.mark.parametrize(("typed", "amount"), [("3", 3), ("２５，０００次", 25_000), ("2.5万", 25_000), ("", None)])
def test_an_amount_is_understood_as_people_type_it(office: Office, typed: str, amount: float | None) -> None:
    assert write(office, "counted", amount=typed)[0] == 200
    assert reports(office)[0].amount == amount


@pytest.mark.parametrize("typed", ["三次", "-3", "1e9", "3/4", "3次以上的走访活动"])
def test_what_is_no_amount_is_said(office: Office, typed: str) -> None:
    status, page = write(office, "counted", amount=typed)
    assert (status, "完成数量要填数字" in page) == (422, True)


def test_a_party_day_asks_for_its_fields_and_keeps_them(office: Office) -> None:
    with transaction(office.url) as session:
        item = factories.item(session, content="开展主题党日活动")
        like = session.get_one(Assignment, office.ids["soon"])
        step = factories.step(session, item_id=item.id, text="集中组织学习")
        office.ids["party"] = assignment(session, step_id=step.id, unit_id=like.unit_id, person_id=like.person_id)
    page = office.browser("林一").get(f"/duties/{office.ids['party']}").text
    assert "实到人数" in page
    status, page = write(office, "party", entry__theme="学习 <讲话>")
    assert (status, "请填写“地点”" in page, 'value="学习 &lt;讲话&gt;"' in page) == (422, True, True)
    status, page = write(office, "party", entry__theme="学习", entry__place="会议室", entry__number_present="２０")
    assert status == 200
    assert reports(office)[0].entries == {"theme": "学习", "place": "会议室", "number_present": 20}
    assert "会议室" in page


def test_strangers_hand_in_nothing(office: Office) -> None:
    attached = [("files", ("照片.png", files.PNG, ""))]
    assert write(office, who="吴名", attached=attached)[0] in (403, 404)
    assert write(office, who="周望", attached=attached)[0] == 403
    assert office.browser().post(f"/duties/{office.ids['soon']}/report", {"text": "x"}, files=attached).status_code == 401
    assert not (office.folder / "evidence").exists()
    assert reports(office) == []


def test_a_returned_duty_keeps_its_due_date_and_is_reported_again(office: Office) -> None:
    due_on = office.one("soon").due_on
    write(office)
    reviewer = office.browser("周望")
    reviewer.get(f"/duties/{office.ids['soon']}")
    reviewer.post(f"/duties/{office.ids['soon']}/review", {"verdict": "return", "comment": "缺签到表", "number": "1"})
    assert (office.one("soon").state, office.one("soon").due_on) == (AssignmentState.RETURNED, due_on)
    assert "缺签到表" in office.browser("林一").get(f"/duties/{office.ids['soon']}").text
    assert write(office, text="补齐了")[0] == 200
    assert [report.number for report in reports(office)] == [1, 2]


def test_a_form_that_was_open_while_another_mail_was_opened_is_taken(office: Office) -> None:
    browser = office.browser("林一")
    browser.get(f"/duties/{office.ids['soon']}")
    office.later(days=1)
    mark = browser.mark
    browser.get(office.link("林一").removeprefix("http://duties.example"))
    form = {"action": "report", "version": "0", "text": "办完了", "mark": mark}
    assert browser.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")}).status_code == 200
    assert len(reports(office)) == 1


def test_words_of_a_form_of_another_link_are_shown_again(office: Office) -> None:
    browser = office.browser("林一")
    form = {"action": "report", "version": "0", "text": "写了很久的内容", "mark": "x"}
    answer = browser.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")})
    assert (answer.status_code, "写了很久的内容" in answer.text) == (403, True)
    answer = office.browser().post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")})
    assert (answer.status_code, "写了很久的内容" in answer.text) == (401, False)  # a page of others puts no words here


@dataclass(frozen=True, slots=True)
class Slow(Receiver):
    """Takes a file while something else happens."""

    meanwhile: Callable[[], None] = print

    def receive(self, written_name: str, stream: Stream) -> NewFile:
        self.meanwhile()
        return Receiver.receive(self, written_name, stream)


def test_who_gave_a_duty_away_during_an_upload_reports_on_it_no_more(office: Office) -> None:
    def give_away() -> None:
        with transaction(office.url) as session:
            session.get_one(Assignment, office.ids["soon"]).person_id = session.query(Person).filter_by(name="吴名").one().id

    desk = office.app.state.desk
    office.app.state.desk = replace(desk, receiver=Slow(desk.receiver.store, meanwhile=give_away))
    assert write(office, attached=[("files", ("照片.png", files.PNG, ""))])[0] == 404
    assert reports(office) == []


def test_a_stale_tab_and_a_full_draft_lose_no_words(office: Office) -> None:
    stale = office.browser("林一")
    stale.get(f"/duties/{office.ids['soon']}")
    write(office, action="save", attached=[("files", (f"{n}.png", files.PNG + bytes([n]), "")) for n in range(20)])
    form = {"action": "report", "version": "0", "text": "旧窗口写的"}
    answer = stale.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("又一张.png", files.PNG + b"x")})
    assert (answer.status_code, "旧窗口写的" in answer.text) == (409, True)


def test_after_a_return_the_form_holds_what_was_reported(office: Office) -> None:
    write(office, "counted", text="走访两户", amount="2")
    reviewer = office.browser("周望")
    assert "离目标还差 2次" in reviewer.get(f"/duties/{office.ids['counted']}").text
    reviewer.post(f"/duties/{office.ids['counted']}/review", {"verdict": "return", "comment": "缺照片", "number": "1"})
    page = office.browser("林一").get(f"/duties/{office.ids['counted']}").text
    assert "走访两户</textarea>" in page
    assert 'name="amount" inputmode="decimal" maxlength="30" value="2"' in page


def test_too_many_files_of_one_choice_are_said(office: Office) -> None:
    many = [("files", (f"{n}.png", files.PNG, "")) for n in range(41)]
    status, page = write(office, attached=many)
    assert (status, "一次选的文件太多" in page) == (400, True)


def test_the_second_press_of_one_button_is_told_that_it_is_handed_in(office: Office) -> None:
    browser = office.browser("林一")
    browser.get(f"/duties/{office.ids['soon']}")
    form = {"action": "report", "version": "0", "text": "办完了 "}
    answers = [browser.post(f"/duties/{office.ids['soon']}/report", form, files={"files": ("", b"")}) for _ in range(2)]
    assert [(answer.status_code, "已报送，等待审核" in answer.text) for answer in answers] == [(200, True)] * 2
    assert len(reports(office)) == 1
