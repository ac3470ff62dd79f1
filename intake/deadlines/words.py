"""A deadline phrase → its words.

In: text as an office typed it: full or half width, any dash, any quote, Chinese or Arabic numerals. Out: tokens with
their kind, their numbers and where they stand in the folded text. What no pattern knows is a `word`.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

_DROPPED = frozenset(" \t\r\n\u3000\u00a0\u200b\ufeff“”\"‘’'「」『』")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms of the printable ASCII characters
_DASHES = "—–―－﹣～∼〜~‒−\u2010\u2011\u2053\u2500\u2501\u30fc\ufe58"  # among them Word's no-break hyphen and box drawing
_FOLDED = _WIDE | str.maketrans(_DASHES, "-" * len(_DASHES)) | str.maketrans("〔【［[〕】］]〇○", "((((" + "))))" + "零零")
_NUMERALS = {"零": 0, "一": 1, "元": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_MAGNITUDES = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}

# A number up to 99: 12, 十二, 二十, 三十一, 两.
_N = r"(?:\d{1,2}(?!\d)|[二三]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_WEEKDAYS = "一二三四五六日"
_PART_OF_YEAR = r"(?:初(?!步|级|期|审|稿|任|心|次|核|中)|中(?!秋|旬|心|期|央|小|层)|底|末|终|内|尾)"
_UNITS = (
    r"(?:人次|场次|次(?!性|月|日|年)|场|期(?!间|末|中|限)|轮|篇|件|家|户|条|项|册|份|名|堂|节(?!前|后|日|假|点|庆)|处|学时|课时|遍|回|例|万元|元|吨|公里"
    r"|平方米|张|亩|套|台|本|座|间|所|人|个(?!月|工作日|自然日|季度|周|星期|小时|半年|学期|年|节))"
)
_NUMBER_OF = r"(?:(?<![\d.])\d{1,9}(?:\.\d{1,4})?|[一二两三四五六七八九十百]{1,5})"

# The first pattern that matches at a place wins, so the more specific ones stand first.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"(?:19|20)\d\d(?P<sep>[-./])\d{1,2}(?P=sep)\d{1,2}日?(?:T?\d\d:\d\d(?::\d\d)?(?:\.\d+)?)?|(?<!\d)20\d{6}(?!\d)"),
    ("iso_month", r"(?:19|20)\d\d[-./](?:1[0-2]|0?[1-9])(?!\d)(?:月份?)?"),
    ("excluded", r"除外|不含|不包括|除(?=\d)"),
    ("range_of_years", r"20\d\d年?-20\d\d年度?"),
    (
        "year",
        rf"(?:\d{{4}}|[一二三四五六七八九零]{{4}})年度?{_PART_OF_YEAR}?|(?<!\d)\d\d年(?=\d{{1,2}}月|[一二三四五六七八九十]+月|[上下]半年|底)",
    ),
    ("near_year", rf"(?:今年|本年度?|当年|明年|次年|翌年|来年|下一?年度?(?!半)|第二年|去年|上一?年度?(?!半))度?{_PART_OF_YEAR}?"),
    (
        "every",
        rf"一[年月季周](?:度)?(?=(?:至少|不少于)?[一两二三四1-4][次场期轮篇])|一(?:月|季度?|周|年)一(?![月日号旬季年至])|半年一(?![月日号年季次])|(?<=[次场期轮篇堂节例件份人])/每?(?:半?年|季度?|月|周)"
        rf"|(?:{_N}个月|两月)(?=(?:至少|不少于)?[一1][次场期])|半年(?=(?:至少|不少于)?[一两二1-4][次场期])"
        rf"|每逢?一?个?(?:自然)?(?:[周星礼][期拜]?[{_WEEKDAYS}天1-7](?!次|个))"
        rf"|每(?:隔|逢)?(?:{_N})?个?(?:自然)?(?:半年度?|半个?月|年度?|季度?|月份?|周|星期|礼拜|旬|学期|学年|工作日|日|天|[双单]月)"
        rf"|隔月|隔周|[双单]月(?!刊)|[逐按分](?:半年|年(?!度)|季度?(?!节)|月(?!度)|周)(?!龄|初|内)|月月|年年|季季|周周|天天|半年度|(?<![一二三四\d个])季度(?!内)|季(?=末|底|初|后)"
        r"|月度|周度|年度(?!内)|(?<![上下前后])半年(?!内|以内|之内|后)",
    ),
    ("half", r"[上前][、/和及与]?[下后]半年度?|[上下前后]半年度?|[Hh][12](?!\d)"),
    (
        "quarter",
        r"前[二两三23]个?季度?|第?[一二三四1-4]{1,4}季(?=末|初|底|前|、|,|-|$)|第?[零一二三四五六七八九十\d]{1,4}季度"
        r"|[Qq][1-4](?!\d)|(?<!\d)[1-4][Qq]",
    ),
    ("month_of_period", rf"首月|末月|(?:第|最后){_N}个?月(?:份)?"),
    ("next_month", r"次月|下个?月|下季度?首月|季后首月"),
    ("last_workday", r"最后一?个?工作日"),
    ("nth_week", rf"(?:第{_N}|首|最后一?)个?(?:周|星期|礼拜)[{_WEEKDAYS}天]?"),
    ("last_day", r"最后一[天日]"),
    ("first_workday", r"(?:首个|第一个)(?:工作日)"),
    ("term", r"[春秋](?:季)?学期|[上下]学期|第[一二]学期"),
    ("season", r"[春夏秋冬]季"),
    (
        "relative",
        rf"(?:{_N}|\d{{1,3}}|半)个?(?:工作日|自然日|日历日|日|天|周|星期|礼拜|小时)(?:之内|以内|内)|(?:{_N}|半)(?:个月|年)(?:之内|以内|内)"
        rf"|(?<=[后起])的?第?(?:{_N}|\d{{1,3}}|半)个?(?:工作日|自然日|日历日|日(?!前)|天|周|星期|礼拜|小时|(?<=个)月)"
        rf"|(?:{_N}|\d{{1,3}}|半)个(?:工作日|自然日|月)(?!前|初|末)|^(?:{_N}|\d{{1,3}})天$",
    ),
    ("whole", r"全年度?|整年|一年到头"),
    ("of_year", r"年初|年中|年底|年末|年终|岁末|年尾|年关|年度?内"),
    ("before_new_year", r"年前"),
    ("month", r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九元])月份?"),
    ("part", r"[上中下]旬|月?初(?!步|级|期|审|稿|任|心|次|核|中|一|二)|月?[底末](?!数|线|层|册|稿|端|位|子|梢)|月中|中(?=前|$|、|,|-)"),
    ("day", r"(?:\d{1,3}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?!常|程|期|益|均|志|报|历|楼)"),
    ("near_month", r"[本当上]月"),
    ("two_festivals", r"[两双]节"),
    (
        "festival",
        r"(?:元旦|春节|新春|清明|(?:五一(?!次)|5\.1(?!\d))|劳动(?=节)|端午|中秋|国庆|十一(?=节|前|期间|黄金|假|国庆|后|$))(?:国际)?(?:劳动)?节?(?:小?长?假期?(?!日)|假日)?",
    ),
    (
        "fixed_day",
        r"(?:七一|八一|三八|五四|六一|[78]\.1(?!\d))(?=国际|妇女|青年|儿童|建[党军]|节|前|期间|后|左右|、|,|和|$)(?:国际)?(?:妇女|青年|儿童|建[党军])?节?"
        r"|建[党军]节|(?:国际)?(?:劳动)?妇女节|(?:五四)?青年节|(?:国际)?儿童节|植树节|教师节|(?:九九)?重阳节?|老年节"
        r"|(?:国家)?宪法日|(?:中华)?慈善日|烈士纪念日|志愿者日",
    ),
    (
        "holidays",
        r"(?:各|重大|重要|传统|法定|主要|关键|敏感|特殊|所有|每?逢|每个|个|的){0,5}(?:(?:节日|节假日|假日|时间节点|节点|假期|长假|节庆)"
        r"(?:[、和及与](?:重大|重要|关键|敏感){0,3}(?:节日|节假日|时间节点|节点|活动))?|节(?=[前后期]))",
    ),
    ("dotted", r"(?:^|(?<=[-、,;]))(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0?[1-9])(?=$|前|之前|以前|-|、|,|;)"),
    ("least", r"不少于|不低于|不得少于|不小于|不下于|至少|最少|>=|≥|>"),
    ("count", rf"(?<!第){_NUMBER_OF}(?:[-至到]{_NUMBER_OF})?[余多]?[百千万亿]?[余多]?{_UNITS}(?:/每?人|/每?支部)?(?:以上)?"),
    ("by", r"截至|截止到?|直[至到]|[延持]续[至到](?=\d|年|[一二三四五六七八九十])|不晚于|不迟于|最迟|最晚|到期"),
    (
        "immediate",
        r"立行立改|立查立改|立说立行|立即|立刻|即知即改|即行即改|即整即改|边查边改|边整边改|马上|即时|即刻|当即|即办|第一时间|即日(?!起)",
    ),
    ("never", r"(?:并)?长期(?:坚持|推进|抓好)?|永久|常抓不懈|久久为功"),
    ("standing", r"持续|贯穿|常年|常态化?|经常性|日常|始终|一贯|一直|长效|不间断|滚动"),
    (
        "vague",
        r"(?:根据|依据|按照?|结合|视)[^,;。()\d]{0,14}?(?:需要|需求|实际|情况|安排|要求|部署|进度|计划|通知|节点|时限|规定|程序)"
        r"|适时|随时|及时|按时|按期|按需|视情况?|酌情|不定期|不定时|定期|定时|经常|分阶段|分步|阶段性|尽快|尽早|抓紧|如期|必要时|需要时|随机",
    ),
    ("before", r"之前|以前|前(?!期|往|列|置|提(?![交出供高升报请醒取炼醒])|沿|瞻|述(?![职廉学法责])|景|端|两|几|三季|二季|\d|后)"),
    ("around", r"前后|左右|上下(?!半)"),
    ("during", r"期间"),
    ("after_end", r"(?:结束|终了|完)(?:之?后|以后)"),
    ("after", r"之后|以后|后(?=$|,|;|、|\)|的?第?[\d一二两三四五六七八九十半]|[^续期勤备])"),
    ("since", r"起始?(?!草|点|步|止|义)|开始|以来"),
    ("within", r"之内|以内|内(?!部|容|外|控|设|业)"),
    ("to", r"-+|至(?!少|今|于|上)|到(?!位|达|期|账|场|人|户|岗|点|底)"),
    ("each", r"分别|各(?=[\d一二两三四五])"),
    ("open", r"\("),
    ("close", r"\)"),
    ("separator", r"[、,;/。]|以及|和|及|与|或"),
    (
        "number",
        r"第\d(?=[-、至到]\d?季)|(?<![\d.])\d{1,4}(?![\d.%])|第?[一二三四五六七八九十]{1,3}(?=[、,/和及与至到-])|[一二三四五六七八](?=[二三四五六七八九]月)",
    ),
)
_KNOWN = "".join(sorted({character for _, pattern in _PATTERNS for character in pattern if character > "~"}))
# No token starts with a character that no pattern has: most of a sentence is passed over at once.
_TOKEN = re.compile(rf"(?=[!-~\d{_KNOWN}])(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS) + ")")
_NUMBER = re.compile(r"\d{1,9}|[零一二两三四五六七八九十百元]{1,5}")


@dataclass(frozen=True, slots=True)
class Folded:
    """Text without spaces and quotes, full width as half width; `at[i]` is where its character i stood."""

    text: str
    at: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


def fold(text: str) -> Folded:
    at = tuple(i for i, character in enumerate(text) if character not in _DROPPED)
    folded = fold_characters(text)
    return Folded("".join([folded[i] for i in at]), at)


def fold_characters(text: str) -> str:
    """Full width to half width and all dashes to one, character by character: the length stays."""
    return text.translate(_FOLDED)


@lru_cache(maxsize=1024)
def tokens(folded: str) -> tuple[Token, ...]:
    """All of the text as tokens, gaps as `word`."""
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        if match.start() > end:
            found.append(Token("word", folded[end : match.start()], end, match.start()))
        found.append(Token(match.lastgroup or "word", match.group(), match.start(), match.end()))
        end = match.end()
    if end < len(folded):
        found.append(Token("word", folded[end:], end, len(folded)))
    return tuple(found)


def numbers(text: str) -> list[int]:
    """The whole numbers in a text: `3-5` → [3, 5], `十二` → [12], `二十` → [20]."""
    return [int(_number(match)) for match in _NUMBER.findall(text)]


def numerals(text: str) -> list[int]:
    """Each numeral by itself: `第二三季度` → [2, 3]."""
    return [int(c) if c.isdigit() else _NUMERALS[c] for c in text if c.isdigit() or c in _NUMERALS]


def weekday(text: str) -> int | None:
    """`每周五` → 4, counted from Monday."""
    match = re.search(r"(?:周|星期|礼拜)([一二三四五六日天1-7])$", text)
    if not match:
        return None
    return "一二三四五六日".find(match[1]) if match[1] in _WEEKDAYS else 6 if match[1] == "天" else int(match[1]) - 1


def amount(text: str) -> tuple[float, str]:
    """`2.5万册` → (25000, 册); of a span, `1-2次`, the lower end, which is what is owed."""
    match = re.match(rf"({_NUMBER_OF})(?:[-至到]{_NUMBER_OF})?[余多]?([百千万亿]?)[余多]?(.*?)(?:以上)?$", text)
    assert match, text  # the token's own pattern has the same shape
    return _number(match[1]) * _MAGNITUDES.get(match[2], 1), match[3].replace("/每", "/")


def _number(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    if len(text) == 4 and not set(text) & {"十", "百"}:  # a year, digit by digit
        return float("".join(str(_NUMERALS[c]) for c in text))
    total = current = 0
    for character in text:
        if character in "十百":
            total += (current or 1) * (10 if character == "十" else 100)
            current = 0
        else:
            current = _NUMERALS[character]
    return float(total + current)
