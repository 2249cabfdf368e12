import secrets

# Without 0 o 1 l i: read aloud over the telephone, typed from a slip of paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def typeable_password() -> str:
    """Three groups of four, 59 bits, shown once to whoever hands it over."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))
