"""The picture of the status page: a PNG that also has the text of the page."""

import base64
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Final

from tests.local_stage import ServedStage
from tests.real.browser.debugger import Browser

_WIDTH: Final = 900
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER_END: Final = 33
"""The end of the signature and of the first part, in every PNG."""

_KEYWORD: Final = b"Description\0\0\0\0\0"

_REPLACE: Final = """
const replacements = %s;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  for (const [old, other] of Object.entries(replacements)) {
    texts.currentNode.nodeValue = texts.currentNode.nodeValue.replaceAll(old, other);
  }
}
"""


def draw_status_page(served: ServedStage, browser: Browser) -> bytes:
    """Draw the first page of a running stage, with stable names, and keep its text."""
    browser.open(served.status_link, width=_WIDTH)
    browser.wait_for_address(f"{served.status_url}/")
    browser.evaluate(_REPLACE % json.dumps(_stable_names(served)))
    text = browser.evaluate("document.body.innerText")
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": size["height"], "scale": 1}
    shot = browser.call(
        "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
    )
    return _add_text(base64.b64decode(shot["data"]), text)


def read_text(png: bytes) -> str:
    """Return the text that a picture keeps."""
    position = len(_SIGNATURE)
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        content = png[position + 8 : position + 8 + length]
        if kind == b"iTXt" and content.startswith(_KEYWORD):
            return content.removeprefix(_KEYWORD).decode()
        position += length + 12
    raise AssertionError("The picture has no text.")


def _stable_names(served: ServedStage) -> Mapping[str, str]:
    return {
        f"localhost:{served.port}": "localhost:8000",
        served.stage.outputs["user_pool_id"]: "us-east-1_kJ8mQ2xTz",
    }


def _add_text(png: bytes, text: str) -> bytes:
    content = _KEYWORD + text.encode()
    kind = b"iTXt" + content
    chunk = struct.pack(">I", len(content)) + kind + struct.pack(">I", zlib.crc32(kind))
    return png[:_HEADER_END] + chunk + png[_HEADER_END:]
