"""Options that several commands have."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Stack = Annotated[str, typer.Option("--stack", "-s", help="Whose: dev, prod, pr-12 … or local.")]
DeployedStack = Annotated[str, typer.Option("--stack", "-s", help="Whose: dev or prod.")]
Port = Annotated[int | None, typer.Option(help="Which local stage, where several run.")]
