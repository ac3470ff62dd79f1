"""What the officer reads on a run's page: tables and a page as artifacts, under fixed keys, so that each has its history."""

from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from audit.faults import KIND_WORDS, AuditReport
from board.markdown import plain
from engine.overview import MailOverview, Overview, Question
from engine.policy_changes import SHIFT_WORDS, Example, notice_words
from engine.succession import HandedOver
from notifications.reading import STATE_WORDS
from tasks.lists import IssuedList, PreviewedList
from tasks.policies import PolicyChange
from tasks.rosters import LoadedRoster

AUDIT_KEY = "follow-up-audit"
FAULTS_SHOWN = 200  # of a kind


def show_preview(preview: PreviewedList) -> None:
    """The preview of a list that is not issued."""
    _show_page(
        "list-preview",
        f"《{preview.title}》预览（{preview.outlook}）",
        [
            ("责任事项", preview.items),
            ("任务", preview.assignments),
            ("通知", preview.messages),
            ("责任人", len(preview.overview.people)),
            ("需要确认的问题", len(preview.questions)),
            ("妨碍下发的错误", len(preview.problems)),
        ],
        preview.without_address,
        preview.policy,
    )
    _show_tallies("preview", "预览", preview.overview)
    _show_questions("preview-questions", "预览：需要确认的问题", preview.questions)
    _show_questions("preview-problems", "预览：妨碍下发的错误", preview.problems)


def show_issued(issued: IssuedList) -> None:
    """An issued list, as it is carried today."""
    _show_page(
        "list-issued",
        f"《{issued.title}》已下发",
        [
            ("责任事项", issued.items),
            ("本次新增任务", issued.assignments),
            ("本次通知", issued.messages),
            ("责任人", len(issued.overview.people)),
            ("需要确认的问题", len(issued.questions)),
        ],
        issued.without_address,
        issued.policy,
    )
    _show_tallies("list", "已下发", issued.overview)
    _show_questions("list-questions", "需要确认的问题", issued.questions)


def show_roster(loaded: LoadedRoster, *, stored: bool) -> None:
    """A roster that was loaded or looked at: its size, what it changes, what to check."""
    key, title = ("roster", "已载入的名册") if stored else ("roster-preview", "名册预览")
    figures = [("单位", loaded.units), ("人员", loaded.people), ("职务", loaded.posts), ("联系点", loaded.contact_points)]
    _show_page(key, f"{loaded.year}年{title}", figures, loaded.without_address)
    sheets = (
        ("单位", loaded.change.units),
        ("人员", loaded.change.people),
        ("职务", loaded.change.posts),
        ("联系点", loaded.change.contact_points),
    )
    create_table_artifact(
        key=f"{key}-changes",
        description=f"{title}：变动",
        table=[
            {"工作表": sheet, "变动": what, "名称": name}
            for sheet, changed in sheets
            for what, names in (("新增", changed.added), ("改动", changed.changed), ("不再列入", changed.removed))
            for name in names
        ],
    )
    _show_questions(f"{key}-questions", f"{title}：请核对", loaded.questions)


def show_mail(mail: MailOverview) -> None:
    """Where the office's mail stands, and what has not arrived with the server's words."""
    create_table_artifact(
        key="mail-states",
        description="通知邮件的状态",
        table=[{"状态": STATE_WORDS[state].zh, "封数": count} for state, count in mail.states],
    )
    create_table_artifact(
        key="mail-unsent",
        description="试过而未送达的通知",
        table=[
            {
                "收件人": unsent.recipient,
                "邮箱": unsent.address,
                "主题": unsent.subject,
                "状态": STATE_WORDS[unsent.state].zh,
                "服务器答复": unsent.words,
            }
            for unsent in mail.unsent
        ],
    )


def show_handovers(handovers: Sequence[HandedOver], *, stored: bool = True) -> None:
    """Which duties went (or would go) to a successor, and for which posts nobody can tell who. Nothing where nothing changes hands."""
    rows = [
        {
            "岗位": str(handover.seat),
            "原责任人": handover.seat.person or "",
            "继任者": handover.successor or "",
            "任务": handover.assignments,
            "问题": handover.question.zh if handover.question else "",
        }
        for handover in handovers
    ]
    if rows:
        key, title = ("handovers", "岗位交接：移交给继任者的任务") if stored else ("handovers-preview", "岗位交接预览：将移交的任务")
        create_table_artifact(key=key, description=title, table=rows)


def show_audit(report: AuditReport) -> None:
    """What is wrong with the notices of the follow-up, or that nothing is."""
    lines = ["# 核对督办", "", f"{report.words.zh}。"]
    if report.faults:
        lines += ["", f"核对号 {report.code}。"]
    for kind in report.counts:
        shown = [fault for fault in report.faults if fault.kind is kind]
        lines += ["", f"## {KIND_WORDS[kind].zh}", "", *(f"- {plain(fault.line('zh'))}" for fault in shown[:FAULTS_SHOWN])]
        if len(shown) > FAULTS_SHOWN:
            lines += ["", f"另有 {len(shown) - FAULTS_SHOWN} 处，全部见 zeren audit"]
    create_markdown_artifact(key=AUDIT_KEY, description="核对督办：应发与已发的通知", markdown="\n".join(lines))


def show_policy_change(change: PolicyChange, *, stored: bool) -> None:
    """What another policy moves, list by list, what it means, and examples."""
    key, title = ("policy-change", "督办规则已更改") if stored else ("policy-change-preview", "督办规则更改预览（尚未更改）")
    if not change.changed:
        title = "督办规则没有变化"
    lines = [f"# {title}", "", f"自{change.from_on}起用{change.source}。", "", *(f"- {plain(each.said.zh)}" for each in change.lists)]
    lines += ["", *(f"- **注意**：{plain(warning)}" for warning in change.warnings)] if change.warnings else []
    lines += ["", "## 这份规则的意思", "", *(f"- {plain(said)}" for said in change.meaning)]
    create_markdown_artifact(key=key, description=title, markdown="\n".join(lines))
    rows = [_example(each.title, one) for each in change.lists for one in each.examples]
    if rows:
        create_table_artifact(key=f"{key}-examples", description="提醒的变化（每份清单至多10例，更早上报的在前）", table=rows)


def _example(title: str, one: Example) -> dict[str, str | int]:
    moved = one.moved
    return {
        "清单": title,
        "责任人": one.person or one.party,
        "事项": one.content,
        "时段": one.period,
        "提醒": notice_words(moved.stage).zh,
        "变化": SHIFT_WORDS[moved.shift].zh,
        "原定": f"{moved.before_on or ''}",
        "改为": f"{moved.after_on or ''}",
        "同样的": one.alike,
    }


def _show_page(key: str, title: str, figures: Sequence[tuple[str, int]], without_address: Sequence[str], *said: str) -> None:
    lines = [f"# {title}", "", *(f"- {name}：**{count}**" for name, count in figures), *(f"- {each}" for each in said)]
    if without_address:
        lines += ["", f"**没有邮箱、收不到通知**：{'、'.join(without_address)}"]
    create_markdown_artifact(key=key, description=title, markdown="\n".join(lines))


def _show_tallies(key: str, title: str, overview: Overview) -> None:
    parts = (("people", "责任人", overview.people), ("units", "单位", overview.units), ("months", "月份", overview.months))
    for part, column, tallies in parts:
        create_table_artifact(
            key=f"{key}-{part}",
            description=f"{title}：按{column}统计的任务",
            table=[
                {column: tally.name, "任务": tally.assignments, "最早到期": f"{tally.first_due_on}", "最晚到期": f"{tally.last_due_on}"}
                for tally in tallies
            ],
        )


def _show_questions(key: str, title: str, questions: Sequence[Question]) -> None:
    rows = [{"位置": question.address, "内容": question.text_zh} for question in questions]
    create_table_artifact(key=key, description=title, table=rows)
