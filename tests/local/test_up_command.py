"""`portfolio up` as a process: it serves, reloads changed code, and leaves nothing behind."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from infra.errors import LocalStageError
from infra.paths import OPENAPI, PROJECT, ROOT
from portfolio.local.running_stages import RUNNING, find_running
from src import TITLE
from tests.checkout import git
from tests.local.up_process import Run, emulators_in, portfolio_up, processes_using

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

EMAIL = "owner@example.com"
APP = "backend/src/app.py"
TITLED = "title=TITLE"
END = "    return app\n"
SECRET = '    map_key: SecretStr = SecretStr("none")\n'
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
    git(checkout, "init", "--quiet")
    git(checkout, "add", "--all")
    with portfolio_up(temporary, root=checkout) as run, httpx.Client() as browser:
        password = run.wait_for(rf"Owner: {EMAIL}, password (\S+)\n")[1]
        run.wait_for("Ctrl-C to stop")
        assert _sign_in(run.url, password) == 200
        run.wait_for(r"200  POST   /auth/login  \d+ ms")
        found = run.wait_for(r"Status page: ((http://localhost:\d+/[\w-]+)/enter/.+)\n")
        link, status = found.groups()
        browser.get(link).raise_for_status()
        assert "/auth/login" in browser.get(f"{status}/requests").text
        assert processes_using(temporary)
        _check_the_three_lines_to_try(run)
        first = _published_version(checkout)
        _check_that_changes_are_served(run, checkout / APP, temporary)
        assert _published_version(checkout) > first
        assert "about to fail" in browser.get(f"{status}/requests").text
        _check_that_the_lock_is_followed(run, checkout)
        _check_that_a_new_file_needs_git(run, checkout)

        # The signal interrupts a build, but the stage still ends normally.
        (checkout / APP).write_text(f"{(checkout / APP).read_text()}\n# {tmp_path}\n")
        time.sleep(0.3)
        assert run.stop(signal.SIGHUP) == 129
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

        health = checkout / "backend/src/api/health.py"
        healthy = health.read_text()
        health.write_text(
            healthy.replace(
                "    return Health(", '    raise LookupError("ill")\n    return Health('
            )
        )
        run.wait_for(r"! GET /health answers 500: its log says why\.\n  The API keeps serving")
        health.write_text(healthy)
        run.wait_for(r"· all is well again: nothing to change")

        settings.write_text(good.replace("environment: local", "environment: moved"))
        run.wait_for(r"! environment is part of every name: restart make up to change it\.")
        settings.write_text(f"{good}  {PROJECT}:memory: much\n")
        run.wait_for(r"memory = \"much\".*\n(.*\n)*  The API keeps serving")
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
        _published_version(checkout)
        assert run.stop() == 130


@pytest.mark.real
def test_secrets_are_used_when_they_change_and_their_folder_may_be_missing(
    checkout: Path, tmp_path: Path
) -> None:
    config, app = checkout / "backend/src/config.py", checkout / APP
    config.write_text(config.read_text().replace("    session_key:", f"{SECRET}    session_key:"))
    app.write_text(app.read_text().replace(TITLED, "title=settings.map_key.get_secret_value()"))
    with portfolio_up(tmp_path, root=checkout) as run:
        run.wait_for("Ctrl-C to stop")
        assert not (checkout / ".secrets").exists()
        deployed = r"secrets/local.json changed: deploying.+?deployed in place after.+?"
        for number, value in enumerate(("first-value", "second-value"), start=1):
            assert _set_secret(checkout, value).endswith("A running make up uses it now.\n")
            run.wait_for(rf"(?s)({deployed}){{{number}}}")
            assert _title(run.url) == value
        shutil.rmtree(checkout / ".secrets")
        run.wait_for(rf"(?s)({deployed}){{3}}")
        assert _title(run.url) == "none"
        assert run.stop() == 130
    assert "-value" not in run.printed


@pytest.mark.real
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


@pytest.mark.real
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


def test_an_origin_with_a_path_is_refused(tmp_path: Path) -> None:
    with portfolio_up(tmp_path, origins=["https://one.example/"]) as run:
        assert run.wait_for_end() == 2
    (line,) = without_steps(run)
    assert line == (
        'error: --origin = "https://one.example/": must be an origin like https://example.com, '
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


def _check_that_changes_are_served(run: Run, source: Path, temporary: Path) -> None:
    original = source.read_text()
    assert TITLED in original
    assert original.endswith(END)
    source.write_text(
        original.replace(TITLED, 'title="Changed API"').removesuffix(END) + FAILURE + END
    )
    run.wait_for(r"new code is live after \d", timeout=20)
    assert _title(run.url) == "Changed API"
    folders = [Path(f"/proc/{process}/cwd").readlink() for process in processes_using(temporary)]
    # The first request did not wait for the start of another one.
    assert len([each for each in folders if "ministack-lambda" in str(each)]) == 1
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
        r"  The API keeps serving",
        timeout=20,
    )
    assert _title(run.url) == "Changed API"

    source.write_text(f"{original}def (\n")
    line = original.count("\n") + 1
    run.wait_for(
        rf"! {APP}:{line}\n    def \(\n        \^\n  SyntaxError: .*\n  The API keeps serving"
    )

    source.write_text(original)
    # No request before that: the old version may be deleted while it answers.
    run.wait_for(
        r"(?s)keeps serving.*new code is live after \d\.\d s: all is well again", timeout=20
    )
    assert _title(run.url) == TITLE


def _check_that_a_new_file_needs_git(run: Run, checkout: Path) -> None:
    source, (new, key) = checkout / APP, ("backend/src/new.py", "backend/src/.env")
    original = source.read_text()
    (checkout / key).touch()
    (checkout / new).write_text("import json\n")
    run.wait_for(
        rf"· function: left out, like a key or an environment file: {key}\n"
        rf"(?:.*\n)*· function: left out, not in git: {new}\n"
    )
    source.write_text(f"import src.new\n{original}")
    run.wait_for(
        rf"! {APP}:1 imports src.new, but {new} is not in git, so the zip leaves it out\. "
        rf"Run `git add --force {new}`\.\n  The API keeps serving"
    )
    git(checkout, "add", "--force", new)
    run.wait_for(r"· git's list of files changed: reloading\n.*new code is live after .*well again")
    source.write_text(original)
    run.wait_for(rf"well again\n(?:.*\n)*· {APP} changed: reloading\n.*new code is live")


def _check_that_the_lock_is_followed(run: Run, checkout: Path) -> None:
    project = checkout / "backend/pyproject.toml"
    original = project.read_text()
    project.write_text(original.replace("dependencies = [", 'dependencies = [\n    "pexpect",', 1))
    run.wait_for(
        r"· backend/pyproject.toml changed: building the zip\n"
        r"(?:.*\n)*! .*uv.lock is missing, or out of date with pyproject.toml .*\n"
        r"  The API keeps serving",
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


def _set_secret(checkout: Path, value: str) -> str:
    command = [sys.executable, "-m", "portfolio", "secret", "set", "MAP_KEY", "--stdin"]
    return subprocess.run(
        [*command, "--stack", "local"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": f"{checkout}:{checkout / 'backend'}"},
        input=value,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _published_version(checkout: Path) -> int:
    """Return the live version as other commands see it, when it is the emulator's own."""
    from portfolio.local.clients import connect  # noqa: PLC0415 - boto3 is slow to import
    from portfolio.local.function_code import FunctionCode  # noqa: PLC0415 - as above

    folder, deadline = checkout / RUNNING.relative_to(ROOT), time.monotonic() + 5
    running = find_running(None, folder)
    code = FunctionCode(connect(running.emulator, running.region), running.outputs["function_name"])
    while (version := find_running(None, folder).outputs["live_version"]) != code.live_version():
        assert time.monotonic() < deadline, version
        time.sleep(0.02)
    return int(version)


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
