class MasterKeyWrong(Exception):
    """The master key does not open this database's data keys: the wrong key, or another installation's data."""
