"""`make` on a machine that lacks something: one clear line, and nothing half done."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from uv import find_uv_bin

from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from tests.checkout import copy_checkout
from tests.portfolio.refusing_aws import serve_refusing_aws, variables

TOOLS = ("awk", "echo", "env", "make", "rm", "sh")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with what every machine has, and neither Python nor uv."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or "/missing")
    return folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("make") / "checkout")


def make(checkout: Path, programs: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "make", "--no-print-directory", *targets],
        cwd=checkout,
        env={"PATH": str(programs), "HOME": str(checkout), "UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_alone_it_lists_the_commands(checkout: Path, programs: Path) -> None:
    listed = make(checkout, programs).stdout
    for command in ("up", "test", "lint", "format", "package", "bench", "clean"):
        assert f"make {command} " in listed


def test_up_hands_on_its_variables() -> None:
    origins = "ORIGIN=https://one.example https://two.example"
    run = subprocess.run(
        ["make", "--dry-run", "up", "PORT=8123", origins, "KEEP=yes", "EMPTY=yes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    words = shlex.split(run.stdout.splitlines()[-1])
    options = words[words.index("up") + 1 : words.index("||")]
    added = ["--origin", "https://one.example", "--origin", "https://two.example"]
    assert options == ["--port", "8123", "--keep", "--empty", *added]


@pytest.mark.parametrize(
    ("value", "options"),
    [("1", ["--keep", "--empty"]), ("true", ["--keep", "--empty"]), ("no", []), ("", [])],
)
def test_keep_and_empty_are_on_unless_they_say_no(value: str, options: list[str]) -> None:
    command = ["make", "--dry-run", "up", f"KEEP={value}", f"EMPTY={value}"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    words = shlex.split(run.stdout.splitlines()[-1])
    assert words[words.index("up") + 3 : words.index("||")] == options


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_uv_cannot_be_brought_it_says_so(checkout: Path, programs: Path, target: str) -> None:
    run = make(checkout, programs, target)
    assert run.returncode != 0
    (error,) = run.stderr.splitlines()
    assert error.startswith(
        "error: uv is missing or too old, and there is no python3 to install it"
    )
    assert not (checkout / ".cache" / "uv").exists()


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_there_is_no_python_it_says_which_and_how(
    checkout: Path, programs: Path, target: str
) -> None:
    (programs / "uv").symlink_to(find_uv_bin())
    run = make(checkout, programs, target)
    assert run.returncode != 0
    begin, reason, error = run.stderr.splitlines()
    assert begin == "· Python 3.12: downloading"
    assert reason.startswith("· uv: ")
    assert error.startswith("error: Python 3.12 is missing, and uv could not download it")


@pytest.mark.parametrize(
    ("target", "variable"), [("up", "PORT=x"), ("package", "ARGS=--engine=x")], ids=str
)
def test_make_adds_no_line_to_the_error_of_a_command(target: str, variable: str) -> None:
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    make_it = ["make", "--no-print-directory", target, variable, "PORTFOLIO=portfolio"]
    for shell in (["sh", "-c"], ["bash", "-c"]):
        run = subprocess.run(
            [*shell, f"{shlex.join(make_it)}; echo $?"],
            cwd=ROOT,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == "141\n"
        assert run.stderr.startswith("error: --")
        assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("stage", "error"),
    [("STAGE=", "name the stage, for example"), ("STAGE=dev", "{pulumi} does not run (Exec ")],
)
def test_health_without_a_stage_or_pulumi_ends_at_once(
    tmp_path: Path, stage: str, error: str
) -> None:
    pulumi, path = tmp_path / "pulumi", [str(tmp_path), f"{sys.prefix}/bin", os.environ["PATH"]]
    with serve_refusing_aws() as aws:
        aws.trusted = {"sts"}
        own = variables(tmp_path, aws.endpoint, aws.endpoint) | {"PATH": os.pathsep.join(path)}
        pulumi.write_text("no program")
        run = subprocess.run(
            ["make", "--no-print-directory", "health", stage, "PORTFOLIO=portfolio"],
            cwd=ROOT,
            env=os.environ | {name: value for name, value in own.items() if value is not None},
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    assert run.returncode != 0
    assert run.stderr.startswith(f"error: {error.format(pulumi=pulumi)}")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("script", ["", "exit 1", "text"], ids=["missing", "failing", "no program"])
def test_without_go_its_programs_name_the_next_step(tmp_path: Path, script: str) -> None:
    go = tmp_path / "go"
    if script:
        go.write_text(f"#!/bin/sh\n{script}\n")
        go.chmod(0o755 if script == "exit 1" else 0o644)
    for target in ("ENGINE", "ACTIONLINT"):
        program = tmp_path / target.lower() / "program"
        run = subprocess.run(
            ["make", "--no-print-directory", f"GO={go}", f"{target}={program}", program],
            cwd=ROOT,
            env=os.environ | {"PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert run.returncode != 0
        assert run.stderr.startswith(f"error: Go is missing or does not run ({go}); it builds")
        assert run.stderr.count("\n") == 1
        assert not program.parent.exists()


@pytest.mark.real
def test_a_module_with_another_hash_is_not_built(tmp_path: Path) -> None:
    go = shutil.which("go") or "/usr/local/go/bin/go"
    if not Path(go).exists():
        pytest.skip("Go is not installed")
    module = ROOT / "tests/workflows/actionlint"
    for name in ("go.mod", "go.sum"):
        text = (module / name).read_text()
        (tmp_path / name).write_text(text.replace("h1:", "h1:AAAA"))
    package, target = "github.com/rhysd/actionlint/cmd/actionlint", tmp_path / "actionlint"
    run = subprocess.run(
        [ROOT / "tests/build_go.sh", tmp_path, package, target],
        env=os.environ | {"GO": go, "GOFLAGS": "-mod=mod", "GONOSUMDB": "*", "GONOSUMCHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.endswith("error: actionlint could not be built: see the lines of Go above.\n")
    assert not target.exists()


def test_make_fails_where_the_signal_is_ignored() -> None:
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    run = subprocess.run(
        ["sh", "-c", "trap '' PIPE; exec make up PORT=x PORTFOLIO=portfolio"],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("error: --port: x is not a whole number")


def started_in_a_session(*words: str, stderr: int | None = None) -> subprocess.Popen[str]:
    """Start a program in a session of its own, for signals to its group."""
    return subprocess.Popen(
        words,
        cwd=ROOT,
        env=inherited_environment(),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_recipe_ends_after_make_has_the_signal(number: signal.Signals) -> None:
    """make, which may be late on a loaded machine, fails if its recipe has ended already."""
    script = ". bin/interruptible.sh; interruptible sh -c 'echo started; exec sleep 60'"
    with started_in_a_session("sh", "-c", script) as recipe:
        assert recipe.stdout
        recipe.stdout.readline()
        started = time.monotonic()
        os.killpg(recipe.pid, number)
        assert recipe.wait(5) == -number
    assert time.monotonic() - started > 0.2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_make_adds_no_line_to_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    makefile = tmp_path / "Makefile"
    slow = "$(PORTFOLIO:bin/portfolio=sh) -c 'echo started; exec sleep 60' || $(FAIL)"
    makefile.write_text(f"include {ROOT}/Makefile\nslow:\n\t@{slow}\n")
    words = ("make", "--no-print-directory", "--file", str(makefile), "slow")
    with started_in_a_session(*words, stderr=subprocess.STDOUT) as make:
        assert make.stdout
        assert make.stdout.readline() == "started\n"
        # As a terminal does for Ctrl-C.
        os.killpg(make.pid, number)
        assert make.stdout.read() == ""
    assert make.returncode == -number


def test_a_program_that_was_killed_is_named() -> None:
    script = ". bin/interruptible.sh; interruptible sh -c 'kill -s KILL $$'"
    words = ["sh", "-c", script]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 128 + signal.SIGKILL
    assert run.stderr == "error: sh was ended by signal 9: is there enough memory?\n"


def test_a_signal_leaves_processes_in_a_group_of_their_own_to_the_program(tmp_path: Path) -> None:
    """Else `make up KEEP=yes` would end the emulator before its data is saved."""
    child = tmp_path / "child"
    child.write_text("trap 'echo ended early' TERM; echo started; sleep 1; echo done\n")
    program = f"trap : TERM; setsid sh {child} & wait; wait"
    script = f". bin/interruptible.sh; interruptible sh -c '{program}'"
    with started_in_a_session("sh", "-c", script) as recipe:
        assert recipe.stdout
        assert recipe.stdout.readline() == "started\n"
        recipe.terminate()
        assert recipe.stdout.read() == "done\n"


def test_a_signal_before_the_program_ends_the_script() -> None:
    script = "set -eu; . bin/interruptible.sh; interrupt TERM"
    assert subprocess.run(["sh", "-c", script], cwd=ROOT, check=False).returncode == -signal.SIGTERM


_PRINT_ARGUMENTS_AND_BLOCKED: Final = """
import signal, sys
blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
print(*sys.argv[1:], *(number.name for number in blocked), sep="\\n")
"""


@pytest.mark.parametrize("name", ["uv", "portfolio"])
def test_a_script_works_through_links_and_without_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "near").symlink_to(ROOT / "bin" / name)
    (tmp_path / "far").symlink_to("near")
    for command, folder in (([str(tmp_path / "far")], ROOT), (["sh", name], ROOT / "bin")):
        run = subprocess.run(
            [*command, "--version"],
            cwd=folder,
            env=inherited_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.startswith((f"{name} ", "portfolio "))


def test_the_wrapper_works_in_any_folder_and_hands_on_arguments(tmp_path: Path) -> None:
    """Two scripts that print their arguments stand for the uv on PATH and for the command."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", checkout / "bin")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\n[ "$1" != --version ] || set -- "uv 99.0.0"\nprintf "%s\\n" "$@"\n')
    uv.chmod(0o755)
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (checkout / ".venv/pyvenv.cfg").touch()
    command = python.with_name("portfolio")
    command.write_text(f"#!{sys.executable}\n{_PRINT_ARGUMENTS_AND_BLOCKED}")
    command.chmod(0o755)
    run = subprocess.run(
        [checkout / "bin" / "portfolio", "logs", "--search", "two words"],
        cwd=tmp_path,
        env={"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])},
        capture_output=True,
        text=True,
        check=True,
    )
    shared = ["run", "--project", str(checkout), "--locked", "--no-dev"]
    # While Python starts, SIGINT waits.
    given = ["logs", "--search", "two words", "SIGINT"]
    assert run.stdout.splitlines() == [*shared, "true", *given]


@pytest.mark.parametrize(
    ("script", "is_taken"),
    [
        ("echo uv 0.13.0", True),
        ("echo 'uv 0.99.3 (a note)'", True),
        ("echo uv 1.0.0", True),
        ("echo uv 0.12.99", False),
        ("echo uv 0.9.30", False),
        ("echo another program", False),
        ("exit 1", False),
        ("plain text", False),
    ],
)
def test_an_old_or_broken_uv_on_path_is_not_taken(
    tmp_path: Path, script: str, *, is_taken: bool
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", checkout / "bin")
    (checkout / "pyproject.toml").write_text('[tool.uv]\nrequired-version = ">=0.13"\n')
    programs = {
        tmp_path / "uv": f'#!/bin/sh\n[ "$1" != run ] || exec echo taken\n{script}\n',
        checkout / ".cache/uv/bin/uv": "#!/bin/sh\necho uv 0.13.9\n",
        checkout / ".venv/bin/python": "#!/bin/sh\n",
    }
    for path, content in programs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o755)
    run = subprocess.run(
        [checkout / "bin/uv", "run"],
        env={"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]]), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ("taken\n" if is_taken else "uv 0.13.9\n")


def test_uv_on_path_may_be_the_wrapper_itself(checkout: Path, programs: Path) -> None:
    path = os.pathsep.join([str(checkout / "bin"), str(programs)])
    run = subprocess.run(
        ["uv", "--version"],
        cwd=checkout,
        env={"PATH": path, "HOME": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert run.returncode == 1
    assert "error: uv is missing" in run.stderr


@pytest.mark.real
def test_format_does_all_its_work_before_it_fails_for_a_rule(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    schema, module = checkout / "backend" / "openapi.json", checkout / "infra" / "unfixable.py"
    generated = schema.read_text()
    schema.write_text("{}")
    module.write_text('"""Numbers."""\n\nimport os\nNUMBERS = [missing,2]\n')
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    run = subprocess.run(
        ["make", "--no-print-directory", "format", "RUN=env"],
        cwd=checkout,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "F821 Undefined name `missing`" in run.stdout
    assert module.read_text() == '"""Numbers."""\n\nNUMBERS = [missing, 2]\n'
    assert schema.read_text() == generated


def test_where_npm_has_no_packages_client_says_so_and_can_be_repeated(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    offline = {"npm_config_offline": "true", "npm_config_cache": str(tmp_path / "npm")}
    for _ in range(2):
        run = subprocess.run(
            ["make", "--no-print-directory", "client", "RUN=env"],
            cwd=checkout,
            env=os.environ | offline | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode != 0
        assert "error: npm could not install the packages of client/package.json: " in run.stderr
    assert not (checkout / "client/generated").exists()


@pytest.mark.parametrize(
    ("made", "is_found"),
    [
        (":> .venv", "bin/uv"),
        ("mkdir -p .venv/bin; echo x > .venv/bin/python", "bin/uv"),
        ("mkdir -p .venv/bin; ln -s $(command -v env) .venv/bin/python", "bin/portfolio"),
        ("mkdir -p .venv/bin; cp $(command -v env) .venv/bin/portfolio", "bin/portfolio"),
    ],
    ids=["a file", "a file for Python", "no command", "no settings of the environment"],
)
def test_a_broken_environment_is_named(tmp_path: Path, made: str, is_found: str) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", checkout / "bin")
    shutil.copy(ROOT / "pyproject.toml", checkout)
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho uv 99.0.0\n")
    uv.chmod(0o755)
    subprocess.run(["sh", "-c", made], cwd=checkout, check=True)
    done = subprocess.run(
        [checkout / "bin/portfolio", "--version"],
        env={"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]]), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    reason = "is not an environment of Python" if is_found == "bin/uv" else "is incomplete"
    environment = checkout / ".venv"
    assert (done.returncode, done.stderr) == (
        1,
        f"error: {environment} {reason}: delete it (rm -rf '{environment}'), then try again.\n",
    )


@pytest.mark.parametrize("name", ["with:colon", "with\nbreak"])
def test_a_folder_in_which_python_does_not_work_is_named(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / name / "bin")
    done = subprocess.run(
        [tmp_path / name / "bin/portfolio", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: An environment of Python does not work below a colon or a line break: "
        f"move {tmp_path / name} to a folder without them.\n"
    )
