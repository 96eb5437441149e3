"""Cold starts under a model of Lambda's processors: the init phase, then the first invocation.

Assumptions of the model:

- The init phase has one full processor. It begins with the interpreter.
- An invocation at 512 MB has 0.29 of a processor: 1,769 MB are one.
  https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
- AWS answers within a millisecond or two, by TLS. Its certificate is one RSA key of 2,048 bits.
- The table has 20 published posts of 2 KB. The zip's own code has stored them.
- The files are in the page cache. The download and the start of the sandbox are left out.
"""

import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import boto3

from infra.deployment import placeholder_environment
from infra.errors import PackageError
from infra.package.archive import unpack
from portfolio.inspection.base_zip import built_base
from portfolio.local.emulator import ACCESS_KEY, Emulator, run_emulator
from tests.backend.accounts import UserPool, create_user_pool
from tests.backend.dynamodb_tables import create_table
from tests.backend.lambda_handler import make_event
from tests.bench.aws_by_tls import serve_aws_by_tls
from tests.bench.cpu_quota import open_cpu_quota
from tests.bench.first_answer import read_only
from tests.bench.first_call import PYTHON, SHARE, ColdStart, Function, start_cold
from tests.bench.sam_build import build_zips
from tests.bench.settings import BROWSER_HEADERS, REGION
from tests.checkout import copy_checkout

_RUNS: Final = 9
_POSTS: Final = 20
_BEFORE: Final = "10d7de9"
"""The last commit before the init phase made the clients."""

_AIM: Final = 0.5
"""Our share of the time of `_BEFORE`, for `GET /blogs`."""

_LIST: Final = "GET /blogs"

_STORE: Final = """
import json, sys
sys.path.insert(0, sys.argv[1])
import boto3
from src.api.kinds import KINDS
from src.repositories.content import ContentRepository
from src.repositories.table import Table
table = Table(boto3.client("dynamodb", endpoint_url=sys.argv[2]), sys.argv[3])
kind = KINDS[0]
posts = ContentRepository(kind.kind, table)
for number in range(int(sys.argv[4])):
    body = {"title": f"Post {number}", "excerpt": "Short.", "content": "word " * 400,
            "category": "Cloud", "tags": ["aws"]}
    posts.publish(posts.create(kind.create.model_validate(body)).id)
"""


def measure_cold_starts() -> dict[str, str]:
    """Measure first requests of this checkout's zip, SAM's zip and the zip of an older commit."""
    notes: dict[str, str] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portfolio-bench-")))
        zips = build_zips(copy_checkout(folder / "checkout"), folder)
        try:
            zips[_BEFORE] = stack.enter_context(built_base(_BEFORE, "local"))
        except PackageError as error:
            notes[_BEFORE] = f"left out: {error}"
        emulator = stack.enter_context(run_emulator())
        pool = create_user_pool(boto3.client("cognito-idp", **_administrator(emulator)))
        functions = stack.enter_context(_functions(zips, emulator, pool, folder))
        add_to_quota = stack.enter_context(open_cpu_quota(SHARE))
        starts = _take_turns(functions, _events(pool), add_to_quota)
    way = "under a quota" if add_to_quota else "without a quota: by CPU time"
    rows = [_rows(request, found) for request, found in starts.items()]
    return {
        "each row": "init + first call; in brackets by CPU time",
        "processors of the first call": f"{SHARE}, {way}",
        **notes,
        **{name: value for each in rows for name, value in each.items()},
    }


def _administrator(emulator: Emulator) -> dict[str, Any]:
    return {
        "endpoint_url": emulator.endpoint,
        "region_name": REGION,
        "aws_access_key_id": ACCESS_KEY,
        "aws_secret_access_key": ACCESS_KEY,
    }


@contextmanager
def _functions(
    zips: Mapping[str, Path], emulator: Emulator, pool: UserPool, folder: Path
) -> Generator[dict[str, Function]]:
    """Unpack the zips, and give each a table with posts that its own code has stored."""
    certificate, unpacked = folder / "aws.pem", folder / "cold"
    dynamodb = boto3.client("dynamodb", **_administrator(emulator))
    with serve_aws_by_tls(emulator.endpoint, certificate) as port:
        functions: dict[str, Function] = {}
        for name, archive in zips.items():
            task, table = unpacked / name, f"bench-{len(functions)}"
            unpack(archive, task)
            # The size of the bundle stays what it is in the zip.
            with (task / "botocore/cacert.pem").open("a") as bundle:
                bundle.write(certificate.read_text())
            environment = _environment(pool, table)
            create_table(dynamodb, table)
            store = (_STORE, task, emulator.endpoint, table, str(_POSTS))
            subprocess.run([*PYTHON, *store], env=environment, check=True)
            functions[name] = Function(task, environment, port)
        with read_only(unpacked):
            yield functions


def _environment(pool: UserPool, table: str) -> dict[str, str]:
    return placeholder_environment() | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "COGNITO_CLIENT_ID": pool.client_id,
        "COGNITO_USER_POOL_ID": pool.id,
        "DYNAMODB_TABLE_NAME": table,
    }


def _events(pool: UserPool) -> dict[str, dict[str, Any]]:
    """Return the first calls of a browser; the frontend sends a stored token with each."""
    sent = BROWSER_HEADERS
    # pragma: allowlist nextline secret
    stale = sent | {"authorization": "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJleHAiOjF9.AA"}
    as_json = sent | {"content_type": "application/json"}
    credentials = json.dumps({"email": pool.owner.email, "password": pool.owner.password})
    return {
        _LIST: make_event("GET", "/blogs", **sent),
        f"{_LIST}, with an unusable token": make_event("GET", "/blogs", **stale),
        "POST /auth/login": make_event("POST", "/auth/login", credentials, **as_json),
        "POST /visitors/track": make_event("POST", "/visitors/track", "{}", **as_json),
    }


def _take_turns(
    functions: Mapping[str, Function],
    events: Mapping[str, dict[str, Any]],
    add_to_quota: Callable[[int], None] | None,
) -> dict[str, dict[str, list[ColdStart]]]:
    """Start each function for each request; in turns, so that all meet the same noise."""
    found: dict[str, dict[str, list[ColdStart]]] = {request: {} for request in events}
    for turn in range(_RUNS + 1):
        for request, event in events.items():
            for name, function in functions.items():
                # The older commit has the old contract.
                if name == _BEFORE and request != _LIST:
                    continue
                start = start_cold(function, event, add_to_quota)
                # The first turn fills the page cache and the emulator's answers.
                found[request].setdefault(name, []).extend([start] if turn else [])
    return found


def _rows(request: str, starts: Mapping[str, list[ColdStart]]) -> dict[str, str]:
    """Return the medians of each zip, and our ratio to it."""
    return {
        f"{request}: {name}": _summarise(found) + _compare(starts["ours"], found, name)
        for name, found in starts.items()
    }


def _summarise(starts: list[ColdStart]) -> str:
    init, call = _median(each.init for each in starts), _median(each.call for each in starts)
    calculated = _median(each.calculated for each in starts)
    return f"{init:.2f} + {call:.2f} = {init + call:.2f} s ({calculated:.2f})"


def _compare(ours: list[ColdStart], others: list[ColdStart], name: str) -> str:
    if ours is others:
        return ""
    measured = _median(each.measured for each in ours) / _median(each.measured for each in others)
    calculated = _median(each.calculated for each in ours) / _median(
        each.calculated for each in others
    )
    aim = f", aim {_AIM}" if name == _BEFORE else ""
    return f": ratio {measured:.2f} ({calculated:.2f}){aim}"


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values))
