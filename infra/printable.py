"""Text from outside, escaped so that it cannot steer a terminal."""


def printable(text: str) -> str:
    r"""Escape all but tabs that is not printable, newlines included: ESC becomes `\x1b`."""
    return text if text.isprintable() else "".join(map(_escape, text))


def printable_lines(text: str) -> str:
    """Escape likewise, but keep lines apart."""
    return "\n".join(map(printable, text.replace("\r\n", "\n").split("\n")))


def _escape(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    if character == "\x7f":
        # In JSON, where a raw DEL is allowed, it means the same.
        return r"\u007f"
    return character.encode("unicode_escape").decode()
