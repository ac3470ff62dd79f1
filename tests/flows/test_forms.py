"""Every field of every form: what an officer reads beside it, and that pressing Run at once is never wrong."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint

from flows.deployment import prefect_file
from flows.forms import asked

DESCRIBED: list[dict[str, Any]] = yaml.safe_load(prefect_file().read_text("utf-8"))["deployments"]


def fields() -> Iterator[Any]:
    for described in DESCRIBED:
        form = load_flow_from_entrypoint(described["entrypoint"], use_placeholder_flow=False).parameters
        for name, field in form.properties.items():
            yield pytest.param(name, field, form.required, id=f"{described['name']}-{name}")


each_field = pytest.mark.parametrize(("name", "field", "required"), list(fields()))


def test_a_field_has_its_title_and_description() -> None:
    assert asked("年度", "0 表示今年").json_schema_extra == {"title": "年度", "description": "0 表示今年"}


@each_field
def test_it_is_titled_and_described_in_chinese(name: str, field: dict[str, Any], required: list[str]) -> None:
    assert re.search("[一-鿿]", field["title"]), f"{name} is titled {field['title']}"
    assert re.search("[一-鿿]", field["description"])


@each_field
def test_it_may_be_left_as_it_is(name: str, field: dict[str, Any], required: list[str]) -> None:
    assert name not in required
    assert field["default"] is not None, "a form sends null for it, which its own schema refuses"


@each_field
def test_no_bound_is_refused_in_prefects_words(name: str, field: dict[str, Any], required: list[str]) -> None:
    assert not {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"} & field.keys()


@each_field
def test_both_uis_have_a_control_for_it(name: str, field: dict[str, Any], required: list[str]) -> None:
    assert "anyOf" not in field, "a choice of types reads int | None, in English"
    assert "$ref" in field or field["type"] in ("string", "integer", "number", "boolean", "array")


@pytest.mark.parametrize("described", DESCRIBED, ids=[described["name"] for described in DESCRIBED])
def test_what_will_happen_is_said_at_once(described: dict[str, Any]) -> None:
    first = described["description"].splitlines()[0]
    assert len(first) >= 20
    assert first.count("。") >= 1
