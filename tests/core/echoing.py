"""A side process that says again what it hears, behind its greeting; it breaks at what it must not say."""

from tellerdesk.core.side_processes import serve


def prepare(greeting: bytes):
    return lambda question: greeting + spoken(question)


def spoken(question: bytes) -> bytes:
    if question.startswith(b"secret"):
        raise ValueError(question)
    return question


if __name__ == "__main__":
    serve(prepare)
