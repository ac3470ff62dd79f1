"""The office's `policy.toml`: what it may say, what it means for an item, and the one sentence about each fault, with its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.policy import Colour, Level, Levels, Meeting, Policy, default_policy, meetings, read_policy
from office.policy_text import decoded, default_text
from office.text import Refused

LIST = "2026年责任清单"


def policy(text: str) -> Policy:
    return read_policy(text, place="policy.toml")


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        policy(text)
    assert refused.value.text.en
    return refused.value.in_("zh")


def days(levels: Levels) -> list[int]:
    return [levels.at(level) for level in Level]


# What holds


def test_the_defaults_are_those_of_the_field() -> None:
    rules, mail, meeting = default_policy().rules, default_policy().mail, default_policy().meeting
    assert rules.warning.before == (7, 3, 1)
    assert (rules.acknowledgement.assignee, rules.acknowledgement.contact_leader) == (3, 6)
    assert days(rules.levels) == [1, 3, 7, 15]
    assert days(rules.urgent) == [1, 1, 1, 3]
    assert rules.review.after == (1, 4)
    assert [rules.colour(level) for level in Level] == [Colour.YELLOW, Colour.RED, Colour.RED, Colour.RED]
    assert (mail.goes_up_at, mail.a_day, mail.may_skip_warnings) == ("08:30", 5, (7, 3))
    assert (mail.goes_up_at_time.hour, mail.goes_up_at_time.minute) == (8, 30)
    assert (meeting.every, meeting.workday, meeting.prepare_before) == ("month", -1, 3)
    assert default_policy().exceptions == ()


def test_the_commented_exceptions_of_the_default_can_be_put_in_force() -> None:
    before, after = default_text().split("# [[exceptions]]", 1)
    written = before + "\n".join(line.removeprefix("# ") for line in f"# [[exceptions]]{after}".splitlines() if line != "#")
    read = policy(written)
    assert read.rules_of("2026年主要负责人责任清单", "3").overdue.principal == 5
    assert read.rules_of("2026年主要负责人责任清单", "7").is_urgent


@pytest.mark.parametrize("text", ["", "\ufeff", "# 什么都没有写\r\n", "[warning]\nbefore = [7, 3, 1]"])
def test_what_says_no_more_than_the_default_is_the_default(text: str) -> None:
    assert policy(text) == default_policy()
    assert hash(policy(text)) == hash(default_policy())


def test_an_entry_that_is_left_out_has_its_default() -> None:
    read = policy("[overdue]\nprincipal = 5")
    assert days(read.rules.overdue) == [1, 3, 5, 15]
    assert read.rules.warning == default_policy().rules.warning
    assert read != default_policy()


def test_warnings_may_be_none() -> None:
    rules = policy("[warning]\nbefore = []").rules
    assert (rules.warning.before, rules.warning_days) == ((), 0)


def test_the_day_of_the_first_warning_is_the_first_of_those_near_the_date() -> None:
    assert policy("[warning]\nbefore = [10, 5]").rules.warning_days == 10


def test_a_file_of_windows_notepad_is_read() -> None:
    assert policy(decoded(b"\xef\xbb\xbf[warning]\r\nbefore = [10]\r\n", place="policy.toml")).rules.warning.before == (10,)


# In full: what a list keeps does not change with the defaults of a later version


def test_the_default_in_full_is_its_own_text() -> None:
    assert default_policy().text == default_policy().written == default_text()


def test_a_policy_in_full_says_every_entry_and_reads_as_the_same() -> None:
    short = policy(
        f'[warning]\nbefore = [100, 50, 40, 30, 20, 10, 9, 8]\n[meeting]\nevery = "never"\n'
        f'[[exceptions]]\nlist = "《{LIST}》"\nurgent = true\n'
        f'[[exceptions]]\nlist = "甲\\"乙\\""\nitem = 3\n[exceptions.notice]\nred_from = "principal"'
    )
    assert short.text.count(" = ") >= default_text().count(" = ")
    assert "before = [100, 50, 40, 30, 20, 10, 9, 8] # 预警" in short.text
    again = read_policy(short.text, place="zeren database")
    assert again == short
    assert (again.rules, again.mail, again.meeting, again.exceptions) == (short.rules, short.mail, short.meeting, short.exceptions)
    assert again.digest == short.digest != default_policy().digest


@given(st.lists(st.integers(1, 250), min_size=4, max_size=4), st.text(min_size=1), st.text())
def test_whatever_is_taken_reads_as_the_same_in_full(numbers: list[int], title: str, item: str) -> None:
    names = ("assignee", "contact_leader", "principal", "party_group")
    part = "\n".join(f"{name} = {number}" for name, number in zip(names, sorted(numbers), strict=True))

    def quoted(words: str) -> str:
        return '"' + "".join(f"\\U{ord(sign):08X}" for sign in words if not 0xD800 <= ord(sign) < 0xE000) + '"'

    try:
        read = policy(f"[overdue]\n{part}\n[[exceptions]]\nlist = {quoted(title)}\nitem = {quoted(item)}\nurgent = true")
    except Refused:
        return  # a title or a number of nothing but spaces
    again = policy(read.text)
    assert (again, again.rules, again.exceptions) == (read, read.rules, read.exceptions)


# Exceptions


def test_an_exception_of_an_item_goes_over_that_of_its_list_and_both_over_the_rest() -> None:
    read = policy(
        f'[[exceptions]]\nlist = "{LIST}"\nitem = "3"\n[exceptions.overdue]\nprincipal = 5\n'
        f'[[exceptions]]\nlist = "{LIST}"\n[exceptions.overdue]\nprincipal = 6\nparty_group = 12\n[exceptions.warning]\nbefore = [5]'
    )
    assert days(read.rules_of("别的清单", "3").levels) == [1, 3, 7, 15]
    assert days(read.rules_of(LIST, "1").levels) == [1, 3, 6, 12]
    assert days(read.rules_of(LIST, "3").levels) == [1, 3, 5, 12]
    assert read.rules_of(LIST, "3").warning.before == (5,)


def test_an_urgent_item_goes_up_directly() -> None:
    read = policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = 3\nurgent = true')
    assert days(read.rules_of(LIST, "3").levels) == [1, 1, 1, 3]
    assert days(read.rules_of(LIST, "4").levels) == [1, 3, 7, 15]


def test_an_item_of_an_urgent_list_can_be_none() -> None:
    read = policy(f'[[exceptions]]\nlist = "{LIST}"\nurgent = true\n[[exceptions]]\nlist = "{LIST}"\nitem = 3\nurgent = false')
    assert read.rules_of(LIST, "4").is_urgent
    assert not read.rules_of(LIST, "3").is_urgent


@pytest.mark.parametrize("number", ["3", "03", "3.", "（3）", "３", " 3 "])
def test_the_number_of_an_item_is_the_same_however_it_is_written(number: str) -> None:
    assert policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = "3"\nurgent = true').rules_of(LIST, number).is_urgent
    assert policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = "{number}"\nurgent = true').rules_of(LIST, "3").is_urgent


def test_an_item_without_a_number_has_the_rules_of_its_list() -> None:
    read = policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = "3"\nurgent = true')
    assert not read.rules_of(LIST, "").is_urgent


def test_an_item_is_named_by_its_address_where_several_bear_its_number() -> None:
    read = policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = "领导班子!B26"\nurgent = true')
    assert read.rules_of(LIST, "10", "领导班子!B26").is_urgent
    assert not read.rules_of(LIST, "10", "主要负责人!B26").is_urgent
    assert not read.rules_of(LIST, "10").is_urgent


@pytest.mark.parametrize("address", ["领导班子！B26", " 领导班子!B26 ", "领导班子!Ｂ26"])
def test_the_address_of_an_item_is_the_same_however_it_is_typed(address: str) -> None:
    assert policy(f'[[exceptions]]\nlist = "{LIST}"\nitem = "{address}"\nurgent = true').rules_of(LIST, "10", "领导班子!B26").is_urgent


def test_an_exception_by_address_takes_the_place_of_one_by_number_and_both_go_over_that_of_the_list() -> None:
    read = policy(
        f'[[exceptions]]\nlist = "{LIST}"\nitem = "table 1 row 4"\n[exceptions.overdue]\ncontact_leader = 6\n'
        f'[[exceptions]]\nlist = "{LIST}"\nitem = "2"\n[exceptions.overdue]\nprincipal = 5\n'  # no level may come after a higher one
        f'[[exceptions]]\nlist = "{LIST}"\n[exceptions.overdue]\nparty_group = 12'
    )
    assert days(read.rules_of(LIST, "2", "table 1 row 4").levels) == [1, 6, 7, 12]
    assert days(read.rules_of(LIST, "2", "table 2 row 4").levels) == [1, 3, 5, 12]
    assert days(read.rules_of(LIST, "3", "table 2 row 5").levels) == [1, 3, 7, 12]
    assert policy(read.text).exceptions == read.exceptions


# Faults

IN_A_LIST = f'[[exceptions]]\nlist = "{LIST}"\n'
DAYS = "应为 1 至 250 的整数（工作日）"
BEFORE = "policy.toml:2：[warning] before：应为工作日数，从大到小、不重复，至多10个，例：[7, 3, 1]，现为 "
LEVELS = "天数应逐级不减：assignee ≤ contact_leader ≤ principal ≤ party_group"


@pytest.mark.parametrize("written", ["7", '["7"]', "[7.0]", "[true]", "[3, 7]", "[7, 7]", "[0]", "[-1]", "[251]", "[[7]]", '"7"'])
def test_warnings_are_a_falling_list_of_days(written: str) -> None:
    assert refusal(f"[warning]\nbefore = {written}") == BEFORE + written


@pytest.mark.parametrize("written", ["0", "-1", "251", "7.5", '"7"', "true", "2026-07-01", "[7]"])
def test_a_level_takes_a_number_of_days(written: str) -> None:
    assert refusal(f"[overdue]\nassignee = 1\nprincipal = {written}") == f"policy.toml:3：[overdue] principal：{DAYS}，现为 {written}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[overdue]\nprincipal = 2", f"policy.toml:1：[overdue]：{LEVELS}"),
        ("\n[urgent]\nassignee = 9", f"policy.toml:2：[urgent]：{LEVELS}"),
        ("[acknowledgement]\nassignee = 9", "policy.toml:1：[acknowledgement]：联系领导的天数不能少于责任人的"),
        ("[review]\nafter = [4, 1]", "policy.toml:2：[review] after：应为工作日数，从小到大、不重复，至多5个，例：[1, 4]，现为 [4, 1]"),
        ('[notice]\nyellow_from = "principal"', "policy.toml:1：[notice]：red_from 不能低于 yellow_from"),
        (
            '[notice]\nred_from = "leader"',
            'policy.toml:2：[notice] red_from：应为 "assignee"、"contact_leader"、"principal" 或 "party_group"，现为 "leader"',
        ),
        ('[mail]\ngoes_up_at = "9:00"', 'policy.toml:2：[mail] goes_up_at：应为带引号的时刻，例："09:00"，现为 "9:00"'),
        ("[mail]\ngoes_up_at = 09:00:00", 'policy.toml:2：[mail] goes_up_at：应为带引号的时刻，例："09:00"，现为 09:00:00'),
        (
            '[mail]\ngoes_up_at = "0９:00"',
            'policy.toml:2：[mail] goes_up_at：应为带引号的时刻，例："09:00"，现为 "0９:00"（ ９ 是中文全角符号）',
        ),
        ("[mail]\na_day = 0", "policy.toml:2：[mail] a_day：应为 1 至 100 的整数，现为 0"),
        (
            "[mail]\nmay_skip_warnings = [3, 7]",
            "policy.toml:2：[mail] may_skip_warnings：应为工作日数，从大到小、不重复，例：[7, 3]，现为 [3, 7]",
        ),
        (
            "[meeting]\nworkday = 0",
            "policy.toml:2：[meeting] workday：应为 1 至 20 的整数，或 -1 至 -20（从月末、季末数起），现为 0",
        ),
        ('[meeting]\nevery = "week"', 'policy.toml:2：[meeting] every：应为 "month"、"quarter" 或 "never"，现为 "week"'),
        ("[meeting]\nprepare_before = 0.5", f"policy.toml:2：[meeting] prepare_before：{DAYS}，现为 0.5"),
    ],
)
def test_a_wrong_value_is_said_with_what_the_entry_takes(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[overdu]\nassignee = 1", "policy.toml:1：[overdu]：没有 overdu 这个部分，是不是 overdue？"),
        (
            "\n[x]",
            "policy.toml:2：[x]：没有 x 这个部分，有：warning、acknowledgement、overdue、urgent、review、notice、mail、meeting、exceptions",
        ),
        ("[overdue]\nprincipial = 7", "policy.toml:2：[overdue] principial：没有 principial 这个项目，是不是 principal？"),
        ("before = [7]", "policy.toml:1：before 要写在它的部分下面：[warning]"),
        ("principal = 7", "policy.toml:1：principal 要写在它的部分下面：[overdue]、[urgent]"),
        ("overdue = 5", "policy.toml:1：overdue 是一个部分，要写成 [overdue]，下面一行一个项目"),
        ("[[overdue]]\nprincipal = 7", "policy.toml：overdue 是一个部分，要写成 [overdue]，下面一行一个项目"),
        ("[warning.before]\nfirst = 7", "policy.toml：[warning] before：应为工作日数"),
        ("warning.before = 7", "policy.toml：[warning] before：应为工作日数"),
    ],
)
def test_what_there_is_not_is_named_with_what_may_be_meant(text: str, sentence: str) -> None:
    assert refusal(text).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'[exceptions]\nlist = "{LIST}"', "policy.toml:1：[exceptions]：例外要写成 [[exceptions]]（两层方括号）"),
        ('[[exceptions]]\nitem = "3"', 'policy.toml:1：例外要写明清单标题，例：list = "2026年责任清单"'),
        ('[[exceptions]]\nlist = "《》"', 'policy.toml:2：例外要写明清单标题，例：list = "2026年责任清单"'),
        ("[[exceptions]]\nlist = 3", 'policy.toml:2：例外要写明清单标题，例：list = "2026年责任清单"'),
        (f"{IN_A_LIST}item = true", 'policy.toml:3：item 应为事项的序号或所在位置，例："3"、"领导班子!B26"'),
        (f"{IN_A_LIST}item = 3.0", 'policy.toml:3：item 应为事项的序号或所在位置，例："3"、"领导班子!B26"'),
        (f"{IN_A_LIST}item = 0", 'policy.toml:3：item 应为事项的序号或所在位置，例："3"、"领导班子!B26"'),
        (f"{IN_A_LIST}urgent = 1", "policy.toml:3：urgent 应为 true 或 false，天数写在 [urgent]"),
        (f"{IN_A_LIST}[exceptions.urgent]\nprincipal = 2", "policy.toml:1：urgent 应为 true 或 false，天数写在 [urgent]"),
        (f"{IN_A_LIST}[exceptions.mail]\na_day = 3", "policy.toml:1：mail 对全部清单只有一份，不能有例外"),
        (
            f"{IN_A_LIST}principal = 5",
            "policy.toml:3：没有 principal 这个项目，有：list、item、urgent、warning、acknowledgement、overdue、review、notice",
        ),
        (f"{IN_A_LIST}overdue = 5", "policy.toml:3：overdue 是一个部分，要写成 [exceptions.overdue]，下面一行一个项目"),
        (f"{IN_A_LIST}[exceptions.overdue]\nprincipal = 5.5", f"policy.toml:4：[exceptions.overdue] principal：{DAYS}，现为 5.5"),
        (
            f"{IN_A_LIST}[exceptions.overdue]\nprincipial = 5",
            "policy.toml:4：[exceptions.overdue] principial：没有 principial 这个项目，是不是 principal？",
        ),
        (
            f"{IN_A_LIST}urgent = true\n[exceptions.overdue]\nprincipal = 5",
            "policy.toml:4：[exceptions.overdue]：紧急事项用 [urgent] 的天数：urgent = true 和 [exceptions.overdue] 只能写一样",
        ),
        (f'{IN_A_LIST}[[exceptions]]\nlist = " {LIST}"', "policy.toml:3：这份清单（或事项）的例外写了两次，请合在一起"),
        (  # each fits to the policy, but not the one to the other
            f"{IN_A_LIST}item = 3\n[exceptions.overdue]\nprincipal = 5\n{IN_A_LIST}[exceptions.overdue]\ncontact_leader = 6",
            f"policy.toml:4：[exceptions.overdue]：{LEVELS}",
        ),
        (
            f'{IN_A_LIST}[exceptions.warning]\nbefore = [5]\n[[exceptions]]\nlist = "乙"\n[exceptions.warning]\nbefore = 5',
            "policy.toml:8：[exceptions.warning] before：应为工作日数，从大到小、不重复，至多10个，例：[7, 3, 1]，现为 5",
        ),
    ],
)
def test_a_wrong_exception_is_said_with_its_place(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    ("line", "wrong", "right"),
    [
        ("before = [7，3]", "，", ","),
        ("before = [７, 3]", "７", "7"),
        ("before = [7、3]", "、", ","),
        ("before = [7, 3】  # 预警，前几天", "】", "]"),
        ("before ＝ [7]", "＝", "="),
        ("before = “7”", "“", '"'),
        ('before = "7”  # 中文，全角', "”", '"'),
        ("【overdue】", "【", "["),
        ("\u3000before = [7]", "\u3000", "空格"),
    ],
)
def test_a_sign_of_a_chinese_keyboard_is_pointed_at(line: str, wrong: str, right: str) -> None:
    assert refusal(f"[warning]\n{line}") == f"policy.toml:2：有中文全角符号 {wrong} ，请切换到英文输入法，改为 {right}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[mail]\ngoes_up_at = 09:00  # 时刻",
            "policy.toml:2：读不懂这一行（应为“名称 = 值”或“[部分]”，文字加英文引号）：goes_up_at = 09:00  # 时刻",
        ),
        ("预警提前七天", "policy.toml:1：读不懂这一行（应为“名称 = 值”或“[部分]”，文字加英文引号）：预警提前七天"),
        ("[warning]\nbefore = [7]\n\n[warning]\nbefore = [3]", "policy.toml:4：重复了：[warning]"),
        ("[warning]\nbefore = [7]\nbefore = [3]", "policy.toml:3：重复了：before = [3]"),
        ("[warning]\nbefore = [7, 3\n", "policy.toml：结尾处没有写完：检查引号和方括号是否成对"),
        ("[warning]\nbefore = " + "[" * 5000, "policy.toml：结尾处没有写完：检查引号和方括号是否成对"),
        ("a = " + "9" * 5000, "policy.toml：结尾处没有写完：检查引号和方括号是否成对"),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(text: str, sentence: str) -> None:
    assert refusal(text) == sentence


@pytest.mark.parametrize("content", ["[warning]".encode("utf-16"), "# 预警".encode("gbk")])
def test_a_file_in_another_encoding_is_said_with_what_to_do(content: bytes) -> None:
    with pytest.raises(Refused, match=r"^policy.toml：不是 UTF-8 编码：请在记事本中“另存为”，编码选 UTF-8$"):
        decoded(content, place="policy.toml")


# Meetings


@pytest.mark.parametrize(
    ("every", "workday", "days"),
    [
        ("month", -1, [(1, 30), (2, 28), (3, 31), (4, 30), (5, 29), (6, 30), (7, 31), (8, 31), (9, 30), (10, 30), (11, 30), (12, 31)]),
        ("quarter", 1, [(1, 4), (4, 1), (7, 1), (10, 8)]),  # 4 January is a Sunday that is worked, 1 to 7 October are off
        ("quarter", -2, [(3, 30), (6, 29), (9, 29), (12, 30)]),
        ("never", 1, []),
    ],
)
def test_meetings_are_on_a_working_day_of_each_month_or_quarter(every: str, workday: int, days: list[tuple[int, int]]) -> None:
    meeting = Meeting.model_validate({"every": every, "workday": workday, "prepare_before": 3})
    assert meetings(meeting, 2026) == tuple(date(2026, month, day) for month, day in days)


@pytest.mark.parametrize(("workday", "day"), [(20, 28), (-20, 2)])  # Spring Festival leaves it 16
def test_a_month_of_fewer_working_days_has_its_meeting_on_its_last_or_first(workday: int, day: int) -> None:
    assert meetings(Meeting(every="month", workday=workday, prepare_before=3), 2026)[1] == date(2026, 2, day)
