"""Shorter versions of botocore's files, reduced to the needs of the function.

Each cold start reads them:

- `endpoints.json` lists every AWS service.
- `service-2.json.gz` describes a service; four fifths of it are documentation.
- `cacert.pem` has more than a hundred root certificates, and each new connection reads them again:
  at 512 MB, that takes about 0.1 s. Amazon's own roots sign the certificates of AWS's services:
  https://www.amazontrust.com/repository/
"""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from infra.errors import PackageError
from infra.package.services import SERVICES

_CERTIFICATE: Final = re.compile(
    r'^# Label: "(?P<label>[^"\n]+)"$.*?^-----END CERTIFICATE-----$\n', re.MULTILINE | re.DOTALL
)
_AMAZONS: Final = ("Amazon Root CA ", "Starfield Services Root Certificate Authority ")
"""First words of the labels of Amazon's roots."""


def shorten_botocore_files(installed: Path) -> None:
    """Replace the files in a folder of installed wheels, if botocore is one of them.

    Raises:
        PackageError: if botocore's certificates include none of Amazon's.
    """
    for name, shorten in _SHORTENED.items():
        path = installed / name
        if path.exists():
            _replace(path, path, shorten(path.read_text(encoding="utf-8")))
    for service in SERVICES:
        for path in (installed / "botocore/data" / service).glob("*/service-2.json.gz"):
            content = gzip.decompress(path.read_bytes()).decode()
            _replace(path, path.with_suffix(""), drop_documentation(content))


def _replace(path: Path, new: Path, content: str) -> None:
    # The file may be a link into uv's cache: never write into the link.
    path.unlink()
    new.write_text(content, encoding="utf-8")


def keep_used_endpoints(endpoints: str) -> str:
    """Return `endpoints.json` with the services of the function alone."""
    content = json.loads(endpoints)
    for partition in content["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in SERVICES}
    return json.dumps(content)


def drop_documentation(description: str) -> str:
    """Return the description of a service without the texts for readers."""
    return json.dumps(json.loads(description, object_hook=_drop_text))


def _drop_text(content: dict[str, Any]) -> dict[str, Any]:
    # A shape may have a member of this name; that is an object.
    if isinstance(content.get("documentation"), str):
        del content["documentation"]
    return content


def keep_amazons_roots(certificates: str) -> str:
    """Return `cacert.pem` with Amazon's root certificates alone.

    Raises:
        PackageError: if there are none.
    """
    found = [each[0] for each in _CERTIFICATE.finditer(certificates) if _is_amazons(each["label"])]
    if not found:
        raise PackageError(
            "botocore/cacert.pem has no root certificate of Amazon's. Pin another version of "
            "botocore in backend/pyproject.toml, or change infra/package/botocore_files.py."
        )
    return "\n".join(found)


def _is_amazons(label: str) -> bool:
    return label.startswith(_AMAZONS)


_SHORTENED: Final[dict[str, Callable[[str], str]]] = {
    "botocore/cacert.pem": keep_amazons_roots,
    "botocore/data/endpoints.json": keep_used_endpoints,
}
