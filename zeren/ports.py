"""Which loopback port a server of the shell listens on."""

import socket

LOOPBACK = "127.0.0.1"


def free_port(preferred: int, *, host: str = LOOPBACK) -> int:
    """`preferred`, or a port that the system says is free when something listens there already.

    Between the answer and its use another program may take the port; the server that is given it must say so.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind((host, preferred))
        except OSError:
            probe.bind((host, 0))
        return int(probe.getsockname()[1])
