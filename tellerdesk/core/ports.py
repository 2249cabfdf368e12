import socket
import time

from django.utils.translation import gettext as _

# Seconds: a site whose parent was killed ends by itself within this time.
LEAVING = 12


class PortTaken(Exception):
    pass


def await_free(host: str, port: int, say) -> None:
    """Raises PortTaken when somebody else listens there and goes on doing so."""
    give_up, waiting = time.monotonic() + LEAVING, False
    while not is_free(host, port):
        if time.monotonic() > give_up:
            advice = _("Port %(port)s is taken by another program. Choose another one: PORT=%(other)s make run")
            raise PortTaken(advice % {"port": port, "other": port + 1})
        if not waiting:
            say(_("Port %(port)s is taken; waiting a moment for it.") % {"port": port})
        waiting = True
        time.sleep(0.25)


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
