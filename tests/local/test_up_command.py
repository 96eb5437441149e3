"""`portfolio up` as a process: it serves, reloads changed code, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from infra.errors import LocalStageError
from infra.paths import OPENAPI
from infra.settings.files import PROJECT
from src import TITLE
from tests.local.up_process import Run, emulators_in, portfolio_up, processes_using

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

EMAIL = "owner@example.com"
APP = "backend/src/app.py"
TITLED = "title=TITLE"
END = "    return app\n"
FAILURE = """
    def fail() -> None:
        print("about to fail")
        breakpoint()
        raise LookupError("on purpose")

    app.router.add_api_route("/visitors/count", fail, include_in_schema=False)
    app.router.routes.insert(0, app.router.routes.pop())
"""


def test_it_serves_follows_the_source_and_leaves_nothing_behind(
    checkout: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with portfolio_up(temporary, root=checkout) as run:
        password = run.wait_for(rf"Owner: {EMAIL}, password (\S+)\n")[1]
        run.wait_for("Ctrl-C to stop")
        assert _sign_in(run.url, password) == 200
        run.wait_for(r"200  POST   /auth/login  \d+ ms")
        status = run.wait_for(r"Status page: (http://localhost:\d+)\n")[1]
        assert "/auth/login" in httpx.get(f"{status}/requests").text
        assert processes_using(temporary)
        _check_the_three_lines_to_try(run)
        _check_that_changes_are_served(run, checkout / APP)
        assert "about to fail" in httpx.get(f"{status}/requests").text
        _check_that_the_lock_is_followed(run, checkout)

        # The signal interrupts a build, but the stage still ends normally.
        (checkout / APP).write_text(f"{(checkout / APP).read_text()}\n# {tmp_path}\n")
        time.sleep(0.3)
        assert run.stop(signal.SIGHUP) == 0
    assert run.printed.endswith("Stopped.\n")
    assert not processes_using(temporary)
    assert not list(temporary.glob("portfolio-*"))
    for url in (f"{run.url}/health", status):
        with pytest.raises(httpx.ConnectError):
            httpx.get(url)


@pytest.mark.real
def test_a_change_of_the_program_or_its_settings_is_deployed_in_place(
    checkout: Path, tmp_path: Path
) -> None:
    settings, table = checkout / "Pulumi.local.yaml", checkout / "infra/components/table.py"
    good, program = settings.read_text(), table.read_text()
    with portfolio_up(tmp_path, root=checkout) as run:
        run.wait_for("Ctrl-C to stop")
        posts = httpx.get(f"{run.url}/blogs", timeout=35).json()
        settings.write_text(f"{good}  {PROJECT}:gatewayAuthorizer: true\n")
        run.wait_for(r"Pulumi.local.yaml changed: deploying.*\n(.*\n)*.*deployed in place after")
        answer = httpx.get(f"{run.url}/auth/me", timeout=35)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
        routes = checkout / "backend/src/api/auth.py"
        routes.write_text(routes.read_text().replace('"/me"', '"/myself"'))
        run.wait_for("gateway: its routes are up to date")
        answer = httpx.get(f"{run.url}/auth/myself", timeout=35)
        assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})

        settings.write_text(good.replace("environment: local", "environment: moved"))
        run.wait_for(r"! environment is part of every name: restart make up to change it\.")
        settings.write_text(f"{good}  {PROJECT}:memory: much\n")
        run.wait_for(r"memory = \"much\".*\n(.*\n)*The API keeps serving")
        settings.write_text(good)
        table.write_text(f"{program}def (\n")
        line = program.count("\n") + 1
        run.wait_for(
            rf"    infra/components/table.py:{line}\n      def \(\n          \^\n  SyntaxError"
        )
        table.write_text(program)
        run.wait_for(r"deployed in place after \d+\.\d s: all is well again")
        assert httpx.get(f"{run.url}/auth/myself", timeout=35).json()["error"] == "Unauthorized"
        assert httpx.get(f"{run.url}/blogs", timeout=35).json() == posts
        assert run.stop() == 0


def test_beside_another_it_has_a_password_of_its_own_and_ends_with_its_emulator(
    tmp_path: Path, local_stage: "ServedStage"
) -> None:
    password, origins = "First-owner-1", ["https://one.example", "https://two.example:8443"]
    with portfolio_up(tmp_path, origins=origins, OWNER_PASSWORD=password) as run:
        run.wait_for("Ctrl-C to stop")
        ours = "http://localhost:4173"
        assert _allowed(run.url, *origins, ours, "https://three.example") == [*origins, ours]
        assert _sign_in(run.url, password) == 200
        assert _sign_in(local_stage.url, password) == 401

        (emulator,) = emulators_in(tmp_path)
        os.kill(emulator, signal.SIGKILL)
        assert run.wait_for_end(timeout=20) == 1
    assert "error: The emulator has stopped" in run.printed
    assert _sign_in(local_stage.url, local_stage.stage.owner.password) == 200


def test_not_even_a_kill_leaves_the_emulator_behind(tmp_path: Path) -> None:
    with portfolio_up(tmp_path) as run:
        run.wait_for("emulator: started")
        assert emulators_in(tmp_path)
        run.stop(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes_using(tmp_path):
        assert time.monotonic() < deadline, processes_using(tmp_path)
        time.sleep(0.1)


def without_steps(run: Run) -> list[str]:
    """Return the printed lines without steps: on a slow machine, one says that Python imports."""
    return [line for line in run.printed.splitlines() if not line.startswith("· ")]


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with portfolio_up(tmp_path, port=port) as run:
            assert run.wait_for_end() == 1
    (line,) = without_steps(run)
    advice = rf"error: Port {port} is in use: choose another, for example make up PORT=\d+\."
    assert re.fullmatch(advice, line)


def test_an_origin_with_a_path_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with portfolio_up(tmp_path, origins=["https://one.example/"]) as run:
        assert run.wait_for_end() == 1
    first, reason = without_steps(run)
    assert first == "error: The settings of stack local are wrong:"
    assert reason == (
        '  corsOrigins[4] = "https://one.example/": must be an origin like https://example.com, '
        "without a path: did you mean https://one.example?"
    )


def test_an_owners_password_that_the_pool_refuses_is_named(local_stage: "ServedStage") -> None:
    from portfolio.local.default_owner import create_owner  # noqa: PLC0415 - botocore is slow to import

    clients, pool = local_stage.stage.code.clients, local_stage.stage.outputs["user_pool_id"]
    with pytest.raises(LocalStageError, match=r"^OWNER_PASSWORD is refused: "):
        create_owner(clients, pool, "short")
    assert _sign_in(local_stage.url, local_stage.stage.owner.password) == 200


def _sign_in(url: str, password: str) -> int:
    credentials = {"email": EMAIL, "password": password}
    return httpx.post(f"{url}/auth/login", json=credentials, timeout=35).status_code


def _allowed(url: str, *origins: str) -> list[str]:
    """Return the origins with access to the API."""
    answers = (httpx.get(f"{url}/blogs", headers={"Origin": each}) for each in origins)
    found = (answer.headers.get("access-control-allow-origin") for answer in answers)
    return [origin for origin in found if origin]


def _check_the_three_lines_to_try(run: Run) -> None:
    listing, login, me = re.findall(r"^  (curl .*)$", run.printed, re.MULTILINE)
    assert '"total":2' in _shell(listing)
    token = re.search(r'"id_token":"([^"]+)"', _shell(login))
    assert token
    assert EMAIL in _shell(me.replace("ID_TOKEN", token[1]))


def _check_that_changes_are_served(run: Run, source: Path) -> None:
    original = source.read_text()
    assert TITLED in original
    assert original.endswith(END)
    source.write_text(
        original.replace(TITLED, 'title="Changed API"').removesuffix(END) + FAILURE + END
    )
    run.wait_for(r"new code is live after \d", timeout=20)
    assert _title(run.url) == "Changed API"
    run.wait_for("backend/openapi.json: updated")
    schema = source.parents[1] / "openapi.json"
    title = '"title": "{}"'
    changed = OPENAPI.read_text().replace(title.format(TITLE), title.format("Changed API"), 1)
    assert schema.read_text() == changed
    _check_that_a_failure_is_shown(run, source)

    source.write_text("import nothing_of_this_name\n")
    run.wait_for(
        rf"· {APP} changed: reloading\n"
        r"! The function does not answer: \n"
        r"(?:  .*\n)+"
        rf"    {APP}:1 in <module>\n"
        r"      import nothing_of_this_name\n"
        r"  ModuleNotFoundError: No module named 'nothing_of_this_name'\n"
        r"The API keeps serving",
        timeout=20,
    )
    assert _title(run.url) == "Changed API"

    source.write_text(f"{original}def (\n")
    line = original.count("\n") + 1
    run.wait_for(rf"! {APP}:{line}\n    def \(\n        \^\nSyntaxError: .*\nThe API keeps serving")

    source.write_text(original)
    # No request before that: the old version may be deleted while it answers.
    run.wait_for(
        r"(?s)keeps serving.*new code is live after \d\.\d s: all is well again", timeout=20
    )
    assert _title(run.url) == TITLE


def _check_that_the_lock_is_followed(run: Run, checkout: Path) -> None:
    project = checkout / "backend/pyproject.toml"
    original = project.read_text()
    project.write_text(original.replace("dependencies = [", 'dependencies = [\n    "pexpect",', 1))
    run.wait_for(
        r"· backend/pyproject.toml changed: building the zip\n"
        r"(?:.*\n)*! .*uv.lock is missing, or out of date with pyproject.toml .*\n"
        r"The API keeps serving",
    )
    # As editors do it: the file is replaced.
    project.with_suffix(".new").write_text(original)
    project.with_suffix(".new").rename(project)
    run.wait_for(r"function: the zip is the same after \d\.\d s: all is well again")


def _check_that_a_failure_is_shown(run: Run, source: Path) -> None:
    answer = httpx.get(f"{run.url}/visitors/count", timeout=35)
    assert answer.status_code == 500
    request_id = answer.headers["x-request-id"][:8]
    shown = run.wait_for(
        rf"500  GET    /visitors/count  \d+ ms  {request_id}\n"
        r"    about to fail\n"
        rf"    breakpoint\(\) at {APP}:\d+ is skipped: start make up with DEBUG=5678\.\n"
        r"    ERROR   Unexpected error: LookupError  logger=src.api.errors\n"
        r"        Traceback \(most recent call last\):\n"
        r"(?:          .*\n)+"
        rf"          {APP}:(\d+) in fail\n"
        r'            raise LookupError\("on purpose"\)\n'
        r"        LookupError: on purpose\n",
        timeout=5,
    )
    assert "LookupError" in source.read_text().splitlines()[int(shown[1]) - 1]
    assert re.search(r"\n +… \d+ frames of [\w, ]*fastapi", shown[0])


def _title(url: str) -> str:
    answer = httpx.get(f"{url}/openapi.json", timeout=35)
    assert answer.status_code == 200, answer.text
    title: str = answer.json()["info"]["title"]
    return title


def _shell(command: str) -> str:
    return subprocess.run(
        ["sh", "-c", f"{command} --silent --noproxy '*'"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
