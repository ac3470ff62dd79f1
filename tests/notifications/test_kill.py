"""kill -9 in the middle of a delivery, in a process of its own."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

from models import MessageState
from notifications.delivery import deliver
from notifications.smtp import SmtpServer
from tests.notifications.servers import Behaviour, smtp_server
from tests.notifications.test_delivery import NOW, mail, queue, stored
from zeren.database import transaction

ROOT = Path(__file__).parents[2]
SENDER = """
import asyncio, sys
from datetime import datetime
from functools import partial
from notifications.delivery import deliver
from notifications.smtp import SmtpServer
from zeren.database import transaction
url, port, now = sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
asyncio.run(deliver(partial(transaction, url), SmtpServer("127.0.0.1", port, "zeren@office.example"), lambda: now))
"""


def test_after_a_kill_everything_arrives_and_only_what_was_in_flight_perhaps_twice(database_url: str) -> None:
    queue(database_url, *(mail(number) for number in range(60)))
    with smtp_server(Behaviour(pause=0.1)) as server:
        command = [sys.executable, "-c", SENDER, database_url, str(server.port), NOW.isoformat()]
        process = subprocess.Popen(command, cwd=ROOT)
        deadline = time.monotonic() + 30
        while len(server.received) < 10 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = [message for message in stored(database_url).values() if message.state is MessageState.SENDING]
        assert 0 < len(left) <= 16  # one round, and at this pace a round is small
        server.behaviour.pause = 0
        target = SmtpServer("127.0.0.1", server.port, "zeren@office.example")
        later = NOW + timedelta(seconds=61)
        asyncio.run(deliver(partial(transaction, database_url), target, lambda: later))
    arrived = Counter(received.to for received in server.received)
    messages = stored(database_url)
    assert {message.state for message in messages.values()} == {MessageState.SENT}
    assert set(arrived) == {message.address for message in messages.values()}
    assert max(arrived.values()) <= 2
    doubled = {address for address, times in arrived.items() if times == 2}
    marked = {message.address for message in messages.values() if message.perhaps_twice}
    assert doubled <= marked == {message.address for message in left}
    identities = {received.message_id for received in server.received}
    assert identities == {message.message_id for message in messages.values()}  # also of those that came twice
