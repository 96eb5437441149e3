"""A faster import of FastAPI; `main` imports this module first."""

import gc
from importlib import import_module

# Imports make almost no garbage, so collection is wasted time.
gc.disable()

from pydantic import BaseModel  # noqa: E402 - without collection

# FastAPI has forty models of OpenAPI's terms, and requests need none of them. Their validators are
# built on first use. Our own are built now, so that a mistake in one is found immediately.
BaseModel.model_config["defer_build"] = True
import_module("fastapi")
del BaseModel.model_config["defer_build"]


def finish() -> None:
    """Turn garbage collection on again, except for the imported objects: they stay."""
    gc.freeze()
    gc.enable()
