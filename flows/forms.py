"""How the parameters of the flows stand in the forms of the Prefect UI: a Chinese title, and what becomes of what is typed.

Every field has a default with which pressing Run is right, or ends with one sentence that says what is missing. A number has 0 for
"not given": neither UI can send an empty field for a number.
"""

from typing import Annotated, Any

from pydantic import Field

from tasks.choices import this_year


def asked(title: str, description: str) -> Any:
    """How a parameter stands in the form. As schema extras, because Prefect overwrites a field's own title with the name."""
    return Field(json_schema_extra={"title": title, "description": description})


Year = Annotated[int, asked("年度", "0 表示今年")]  # without bounds, whose sentence would be Prefect's; `year_meant` has one
RosterFile = Annotated[
    str,
    asked(
        "名册文件",
        "Excel 名册的路径；留空则用已载入的名册，从未载入就用工作文件夹里唯一的一份",
    ),
]
Reason = Annotated[str, asked("理由", "记入每项任务的历史，通知里也会写明")]
AtOnce = Annotated[bool, asked("立即发信", "不等工作时间（工作日8时至20时）和重试间隔")]


def year_named(year: int) -> str:
    """A year of the form as it stands in a run's name: whatever was typed, and for 0 the present one."""
    return f"{year or this_year()}年"
