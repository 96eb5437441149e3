import json
import re

from infra.paths import OPENAPI
from tests.bench.operations import list_operations


def shape(operation: str) -> str:
    """A method and a path, whatever its parameters are called."""
    return re.sub(r"\{\w+\}", "{}", re.split(r"[?,]", operation)[0])


def test_every_operation_of_the_api_is_measured() -> None:
    paths = json.loads(OPENAPI.read_text())["paths"]
    described = {f"{method.upper()} {path}" for path in paths for method in paths[path]}
    measured = {operation.name for operation in list_operations()}
    by_type = re.compile("/(track|views)/blog")
    assert {shape(by_type.sub(r"/\1/{}", name)) for name in measured} == set(map(shape, described))
