import json
from typing import Any

import pytest
from prefect.utilities.schema_tools import ValidationError, validate

from board.review_form import COMMENT_LENGTH, Review, read_review, review_schema
from models import Verdict
from office.text import Text

REVIEWERS = ("计划员", "周启明")
FITTING = {"审核结论": "退回", "审核意见": "请附签到表", "审核人": "周启明", "第几次报送": 2}
UNFIT: dict[str, Any] = {
    "no verdict": FITTING | {"审核结论": None},
    "another verdict": FITTING | {"审核结论": "同意"},
    "returned without a comment": FITTING | {"审核意见": ""},
    "returned with white space": FITTING | {"审核意见": " \n"},
    "a comment that is no text": FITTING | {"审核意见": 7},
    "a comment without end": FITTING | {"审核意见": "长" * (COMMENT_LENGTH + 1)},
    "a reviewer who may not": FITTING | {"审核人": "石小满"},
    "no number": {key: value for key, value in FITTING.items() if key != "第几次报送"},
    "a number in words": FITTING | {"第几次报送": "二"},
    "nothing": {},
}


def accepted_by_the_server(answer: dict[str, Any], *, number: int = 2) -> bool:
    try:
        validate(answer, review_schema(number=number, reviewers=REVIEWERS), raise_on_error=True)  # as Prefect does on Resume
    except ValidationError:
        return False
    return True


def test_a_fitting_answer_is_accepted_and_read() -> None:
    assert accepted_by_the_server(FITTING)
    assert read_review(json.dumps(FITTING), reviewers=REVIEWERS) == Review(Verdict.RETURNED, "请附签到表", "周启明", 2)


def test_approval_takes_no_comment() -> None:
    answer = {"审核结论": "通过", "审核人": "计划员", "第几次报送": 1}
    assert accepted_by_the_server(answer, number=1)
    assert read_review(json.dumps(answer), reviewers=REVIEWERS) == Review(Verdict.APPROVED, "", "计划员", 1)


@pytest.mark.parametrize("answer", UNFIT.values(), ids=UNFIT)
def test_the_form_refuses_what_would_not_be_read(answer: dict[str, Any]) -> None:
    assert not accepted_by_the_server(answer)
    assert isinstance(read_review(json.dumps(answer), reviewers=REVIEWERS), Text)


def test_a_form_that_was_opened_for_an_earlier_report_is_refused() -> None:
    assert not accepted_by_the_server(FITTING | {"第几次报送": 1})


@pytest.mark.parametrize("answer", [None, "", "{", "[]", "3", '"通过"'])
def test_what_is_no_form_at_all_is_said_to_be_none(answer: str | None) -> None:
    assert isinstance(read_review(answer, reviewers=REVIEWERS), Text)
