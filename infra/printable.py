"""Text from outside, escaped so that it cannot steer a terminal."""


def printable(text: str) -> str:
    r"""Escape every character that is not printable, except tabs: ESC becomes `\x1b`."""
    return text if text.isprintable() else "".join(map(_escape, text))


def printable_lines(text: str) -> str:
    """Escape each line of a text, and keep the newlines."""
    return "\n".join(map(printable, text.replace("\r\n", "\n").split("\n")))


def _escape(character: str) -> str:
    if character.isprintable() or character == "\t":
        return character
    if character == "\x7f":
        # JSON allows a raw DEL, and this escape means the same there.
        return r"\u007f"
    return character.encode("unicode_escape").decode()
