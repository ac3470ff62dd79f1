"""How the parameters of a flow stand in the form of the Prefect UI."""

from typing import Any

from pydantic import Field


def asked(title: str, description: str) -> Any:
    """How a parameter stands in the form. As schema extras, because Prefect overwrites a field's own title with the name."""
    return Field(json_schema_extra={"title": title, "description": description})
