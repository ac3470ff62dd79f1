"""审核表单: what *Resume* asks a reviewer, and how the answer is read.

In: the number of the report on view and who may review it. Out: a JSON schema for the run input; later the submitted JSON as a
`Review`. The server holds what comes through the form against the schema; what was posted past it is held against it here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import Verdict
from office.text import Text, plain

CONCLUSION, COMMENT, REVIEWER, NUMBER = "审核结论", "审核意见", "审核人", "第几次报送"
CONCLUSIONS = {"通过": Verdict.APPROVED, "退回": Verdict.RETURNED}
COMMENT_LENGTH = 2000  # characters


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer submitted about report `number`."""

    verdict: Verdict
    comment: str
    reviewer: str
    number: int


def review_schema(*, number: int, reviewers: Sequence[str]) -> dict[str, Any]:
    """The form about report `number`; `reviewers` may sign it, the first of them unless another one is chosen.

    The number stands in it as the only choice: a form that was opened for an earlier report and is submitted now cannot decide
    about a report that its reviewer has not seen, because the server refuses it.
    """
    passed, returned = CONCLUSIONS
    return {
        "title": "审核办理情况",
        "type": "object",
        "properties": {
            CONCLUSION: {"title": CONCLUSION, "type": "string", "enum": [passed, returned], "position": 0},
            COMMENT: {
                "title": COMMENT,
                "description": "退回必须写明原因，责任人会在邮件中看到",
                "type": "string",
                "format": "multiline",
                "maxLength": COMMENT_LENGTH,
                "default": "",
                "position": 1,
            },
            REVIEWER: {"title": REVIEWER, "type": "string", "enum": list(reviewers), "default": reviewers[0], "position": 2},
            NUMBER: {"title": NUMBER, "type": "integer", "enum": [number], "default": number, "position": 3},
        },
        "required": [CONCLUSION, REVIEWER, NUMBER],
        "if": {"properties": {CONCLUSION: {"const": returned}}, "required": [CONCLUSION]},
        "then": {"properties": {COMMENT: {"type": "string", "minLength": 1, "pattern": r"\S"}}, "required": [COMMENT]},
    }


def read_review(answer: str | None, *, reviewers: Sequence[str]) -> Review | Text:
    """The submitted JSON as a review, or the sentence that says why it is none. `None`: resumed without the form."""
    if answer is None:
        return Text("没有填写审核表单", "the review form was not filled in")
    try:
        given = json.loads(answer)
    except ValueError:
        return Text("审核表单的内容读不出来", "the answer cannot be read")
    if not isinstance(given, dict):
        return Text("审核表单的内容读不出来", "the answer cannot be read")
    conclusion, comment, reviewer, number = (given.get(field) for field in (CONCLUSION, COMMENT, REVIEWER, NUMBER))
    if not isinstance(conclusion, str) or conclusion not in CONCLUSIONS:
        return Text(f"{CONCLUSION}应为通过或退回", "the verdict has to be 通过 or 退回")
    if comment is not None and not isinstance(comment, str):
        return Text(f"{COMMENT}应为文字", "the comment has to be a text")
    if not isinstance(reviewer, str) or reviewer not in reviewers:
        return Text(f"{REVIEWER}应为：{'、'.join(reviewers)}", f"the reviewer has to be one of {', '.join(reviewers)}")
    if not isinstance(number, int) or isinstance(number, bool):
        return Text(f"没有写明是{NUMBER}的办理情况", "the number of the report is missing")
    words = plain(comment or "")
    if len(words) > COMMENT_LENGTH:
        return Text(f"{COMMENT}过长（至多{COMMENT_LENGTH}字）", f"the comment is too long (at most {COMMENT_LENGTH} characters)")
    if CONCLUSIONS[conclusion] is Verdict.RETURNED and not words:
        return Text(f"退回要写明{COMMENT}", "to return a report takes a comment")
    return Review(CONCLUSIONS[conclusion], words, reviewer, number)
