"""Which fault means again, which never, and which that nobody knows."""

import aiosmtplib
import pytest

from notifications.ledger import Verdict
from notifications.smtp import Decision, Stage, decide

AGAIN, NEVER, UNKNOWN = Verdict.AGAIN, Verdict.NEVER, Verdict.UNKNOWN
CONNECTING, ENVELOPE, CONTENT = Stage.CONNECTING, Stage.ENVELOPE, Stage.CONTENT


@pytest.mark.parametrize(
    ("error", "stage", "verdict"),
    [
        # the server answered: its code decides
        (aiosmtplib.SMTPRecipientRefused(450, "busy", "a@b.cn"), ENVELOPE, AGAIN),
        (aiosmtplib.SMTPRecipientRefused(421, "closing", "a@b.cn"), ENVELOPE, AGAIN),
        (aiosmtplib.SMTPRecipientRefused(550, "unknown user", "a@b.cn"), ENVELOPE, NEVER),
        (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(553, "bad name", "a@b.cn")]), ENVELOPE, NEVER),
        (aiosmtplib.SMTPSenderRefused(451, "try later", "z@b.cn"), ENVELOPE, AGAIN),
        (aiosmtplib.SMTPSenderRefused(552, "message too big", "z@b.cn"), ENVELOPE, NEVER),
        (aiosmtplib.SMTPDataError(451, "disk full"), CONTENT, AGAIN),
        (aiosmtplib.SMTPDataError(554, "spam"), CONTENT, NEVER),
        # before the content went out nothing was delivered
        (aiosmtplib.SMTPServerDisconnected("lost"), ENVELOPE, AGAIN),
        (aiosmtplib.SMTPReadTimeoutError("slow"), ENVELOPE, AGAIN),
        (TimeoutError(), ENVELOPE, AGAIN),
        (ConnectionResetError("reset"), ENVELOPE, AGAIN),
        # after it, perhaps
        (aiosmtplib.SMTPServerDisconnected("lost"), CONTENT, UNKNOWN),
        (aiosmtplib.SMTPReadTimeoutError("slow"), CONTENT, UNKNOWN),
        (TimeoutError(), CONTENT, UNKNOWN),
        (aiosmtplib.SMTPResponseException(-1, "no SMTP at all"), CONTENT, UNKNOWN),
        # the message cannot be said to this server
        (aiosmtplib.SMTPNotSupported("SMTPUTF8"), ENVELOPE, NEVER),
        (ValueError("no mail address"), ENVELOPE, NEVER),
    ],
)
def test_the_fault_of_a_message(error: Exception, stage: Stage, verdict: Verdict) -> None:
    decision = decide(error, stage)
    assert (decision.verdict, decision.fault_of_server) == (verdict, False)


@pytest.mark.parametrize(
    ("error", "stage"),
    [
        (aiosmtplib.SMTPConnectError("refused"), CONNECTING),
        (aiosmtplib.SMTPConnectTimeoutError("slow"), CONNECTING),
        (aiosmtplib.SMTPConnectResponseError(554, "no service"), CONNECTING),
        (aiosmtplib.SMTPHeloError(550, "who are you"), CONNECTING),
        (aiosmtplib.SMTPAuthenticationError(535, "wrong login"), CONNECTING),
        (aiosmtplib.SMTPNotSupported("STARTTLS"), CONNECTING),
        (aiosmtplib.SMTPSenderRefused(550, "not your address", "z@b.cn"), ENVELOPE),
        (aiosmtplib.SMTPSenderRefused(530, "log in first", "z@b.cn"), ENVELOPE),
        (aiosmtplib.SMTPRecipientRefused(530, "log in first", "a@b.cn"), ENVELOPE),
    ],
)
def test_a_fault_that_no_other_message_would_escape_costs_none(error: Exception, stage: Stage) -> None:
    decision = decide(error, stage)
    assert (decision.verdict, decision.fault_of_server) == (AGAIN, True)


def test_the_servers_own_words_are_kept_on_one_line() -> None:
    error = aiosmtplib.SMTPRecipientRefused(550, "5.1.1 no such user\nask the postmaster", "a@b.cn")
    assert decide(error, ENVELOPE) == Decision(NEVER, "550 5.1.1 no such user ask the postmaster")
