"""投递通知: open duties follow their posts, and the mail that is due goes out.

The clock starts it through the working day, the officer at any time.
"""

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.forms import AtOnce
from flows.refusals import failing_with_the_sentence
from notifications.delivery import Delivered
from office.text import Text, Unavailable
from tasks.artifacts import show_handovers, show_mail
from tasks.board import bring_up_to_date
from tasks.mail import batches_due, deliver_batch, mail_states
from tasks.succession import hand_over_open_duties

BATCHES_AT_ONCE = 2  # each holds up to four connections, and offices' servers count them


@flow(flow_run_name="投递通知", task_runner=ThreadPoolTaskRunner(max_workers=BATCHES_AT_ONCE))  # type: ignore[arg-type]
@failing_with_the_sentence
def deliver_notices(at_once: AtOnce = False) -> State[None]:
    """Duties follow their posts; what is due goes out; the board shows where all mail stands."""
    handed_over = hand_over_open_duties()
    show_handovers(handed_over)
    delivered = total(deliver_batch.map(batches_due(at_once)).result())
    show_mail(mail_states())
    if handed_over:
        bring_up_to_date(False, return_state=True)  # the Prefect server may be down: the board catches up later
    return outcome(delivered)


def total(deliveries: list[Delivered]) -> Delivered:
    """What the batches did together; the words of the first that could not use the server."""
    return Delivered(
        sent=sum(each.sent for each in deliveries),
        deferred=sum(each.deferred for each in deliveries),
        refused=sum(each.refused for each in deliveries),
        unknown=sum(each.unknown for each in deliveries),
        words=next((each.words for each in deliveries if each.words), ""),
    )


def outcome(delivered: Delivered) -> State[None]:
    """The run's last state says how much went out; a server that could not be used is a failure to be seen."""
    if delivered.words:
        raise Unavailable(
            Text(
                f"邮件服务器无法使用，没有发出的通知稍后重试：{delivered.words}",
                f"The mail server cannot be used; what was not sent is tried again later: {delivered.words}",
            )
        )
    parts = [("送出", delivered.sent), ("稍后重试", delivered.deferred), ("被拒收", delivered.refused), ("结果不明", delivered.unknown)]
    said = "，".join(f"{name}{count}封" for name, count in parts if count)
    return Completed(message=said or "没有到期的通知")
