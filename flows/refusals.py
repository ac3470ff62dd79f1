"""How a flow says that it cannot take its input: it fails with the one sentence, without a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from prefect.client.schemas.objects import State
from prefect.states import Failed

from office.text import Refused

P = ParamSpec("P")
R = TypeVar("R")


def failing_with_the_sentence(flow: Callable[P, R]) -> Callable[P, R | State[Any]]:
    """Stands under `@flow`: a refusal becomes the failed state's message, which is what the officer reads on the run's page."""

    @wraps(flow)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | State[Any]:
        try:
            return flow(*args, **kwargs)
        except Refused as refusal:
            return Failed(message=refusal.in_("zh"), data=refusal)

    return run
