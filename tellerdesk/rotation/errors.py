class RotationRefused(Exception):
    """`str()` says what stands in the way; nothing has been changed."""


class TablesBusy(Exception):
    """Somebody is writing; the change gave way and may be tried again."""
