"""Settings → who sends the office's mail, and through which server."""

from email.utils import parseaddr

from notifications.sender import Sender
from notifications.smtp import SmtpServer
from zeren.settings import Settings


def sender_of(settings: Settings) -> Sender:
    """As composing wants it."""
    return Sender(
        mail_from=settings.mail_from,
        reply_to=settings.mail_reply_to,
        language=settings.language,
        zone=settings.zone,
        portal_url=settings.portal_url.rstrip("/"),
        secret_key=settings.secret_key.get_secret_value(),
        link_days=settings.link_days,
    )


def smtp_server_of(settings: Settings) -> SmtpServer:
    """As delivery wants it."""
    return SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        mail_from=parseaddr(settings.mail_from)[1],
        tls=settings.smtp_tls,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
    )
