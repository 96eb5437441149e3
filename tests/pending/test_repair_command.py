"""`portfolio repair`: a stage without a state is refused."""

from tests.commands import run_command


def test_the_local_stage_has_nothing_to_repair() -> None:
    result = run_command("repair", "--stack", "local")
    assert (result.code, result.out) == (1, "")
    line = "The local stage has no state to repair: start it again with make up."
    assert result.err == f"error: {line}\n"
