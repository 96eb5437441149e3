"""Help as plain text: usage, options, commands by topic, examples."""

from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from inspect import cleandoc
from typing import Any, Final, Protocol, override

import typer
from typer.core import TyperCommand, TyperGroup

_EXAMPLES: Final = "Examples:\n"
"""The docstring's section with example calls, one on each line."""

_WIDEST_NAME: Final = 30
"""Columns for the names of options, at most a third of the width."""


class _Formatter(Protocol):
    """The methods of Typer's help writer; Typer exports no type for it."""

    width: int

    def write(self, string: str) -> None: ...
    def write_paragraph(self) -> None: ...
    def write_text(self, text: str) -> None: ...
    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int) -> None: ...
    def section(self, name: str) -> AbstractContextManager[None]: ...


_MISUSE: Final = 2
"""The exit code of a wrong command line."""


class PlainCommand(TyperCommand):
    """A command with a short help; its examples come last."""

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _naming_the_command(ctx):
            return super().parse_args(ctx, args)

    @override
    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    @override
    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _write_description(self.help, formatter)

    @override
    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_parameters(self.get_params(ctx), ctx, formatter)

    @override
    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_examples(self.help, formatter)


class PlainGroup(TyperGroup):
    """A group of commands with a short help; the commands are listed by topic."""

    @override
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(_MISUSE)
        parameters: list[Any] = self.get_params(ctx)
        for each in parameters:
            # Typer imports pydantic for a flag that is None, such as its own ones.
            if each.is_flag and each.default is None:
                each.default = False
        with _naming_the_command(ctx):
            return super().parse_args(ctx, args)

    @override
    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _write_description(self.help, formatter)

    @override
    def format_options(self, ctx: Any, formatter: Any) -> None:
        self.format_commands(ctx, formatter)
        _write_parameters(self.get_params(ctx), ctx, formatter)

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        topics: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, command in self.commands.items():
            topic = getattr(command, "rich_help_panel", None) or "Commands"
            topics[topic].append((name, _description(command.help).partition("\n\n")[0]))
        width = max(len(name) for rows in topics.values() for name, _ in rows)
        for topic, rows in topics.items():
            _write_list(topic, [(f"{name:<{width}}", text) for name, text in rows], formatter)

    @override
    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        _write_examples(self.help, formatter)
        for paragraph in cleandoc(self.epilog or "").split("\n\n"):
            formatter.write_paragraph()
            formatter.write_text(paragraph)


def list_examples(text: str | None) -> list[str]:
    """Return the example calls in a command's help."""
    return [line.strip() for line in (text or "").partition(_EXAMPLES)[2].splitlines()]


@contextmanager
def _naming_the_command(ctx: typer.Context) -> Generator[None]:
    """Add the command to errors of Typer's parser without one."""
    try:
        yield
    except typer.TyperException as error:
        if getattr(error, "ctx", ctx) is None:
            vars(error)["ctx"] = ctx
        raise


def _description(text: str | None) -> str:
    return (text or "").partition(_EXAMPLES)[0].rstrip()


def _write_description(text: str | None, formatter: _Formatter) -> None:
    formatter.write_paragraph()
    formatter.write_text(_description(text))


def _write_parameters(parameters: list[Any], ctx: typer.Context, formatter: _Formatter) -> None:
    for kind, title in (("argument", "Arguments"), ("option", "Options")):
        records = [each.get_help_record(ctx) for each in parameters if each.param_type_name == kind]
        rows = [(_without_type(name), text) for name, text in filter(None, records)]
        _write_list(title, rows, formatter)


def _without_type(name: str) -> str:
    """Return a parameter's name without angle brackets, and without an argument's type."""
    first, _, rest = name.partition(" <")
    return f"{first} {rest.rstrip('>')}".rstrip() if name.startswith("-") else first


def _write_list(title: str, rows: list[tuple[str, str]], formatter: _Formatter) -> None:
    if rows:
        with formatter.section(typer.style(title, bold=True)):
            formatter.write_dl(rows, col_max=min(_WIDEST_NAME, formatter.width // 3))


def _write_examples(text: str | None, formatter: _Formatter) -> None:
    examples = list_examples(text)
    if examples:
        with formatter.section(typer.style("Examples", bold=True)):
            formatter.write("".join(f"  {example}\n" for example in examples))
