"""`portfolio validate`."""

from portfolio.terminal import Terminal


def validate() -> None:
    """Check every stage's settings and program, uv.lock and openapi.json, without AWS."""
    from portfolio.validation import validate as run

    run(Terminal())
