"""The parts of core.local_postgres. Standard library only."""


class NotStarted(Exception):
    """Its text is for the person at the terminal: what is wrong, and what to do or what the server's log says."""
