"""USD a month of a load, from the tables of docs/costs.md."""

from decimal import Decimal
from typing import Final

from tests.docs.cost_tables import number, rows
from tests.scale.growth import MISSED, VIEWS, Setup

_MONTH: Final = 30 * 24 * 60 * 60
_TABLE_FOR: Final = 100_000
_CDN_REQUEST: Final = Decimal("0.000001")
_CDN_GB: Final = Decimal("0.085")
_READ_UNIT: Final = "DynamoDB: read units"
_TRANSFER: Final = "transfer out"
_TRACES: Final = "X-Ray"
_VIEW_UNITS: Final = "DynamoDB: units of counted views"


def cost_of(setup: Setup, answered: float) -> Decimal:
    """Return the costs of answered requests a second for a month of 30 days, without taxes."""
    requests = Decimal(answered) * _MONTH
    missed = Decimal(MISSED if setup.has_cdn else 1)
    reads, views = Decimal(1) - Decimal(str(VIEWS)), Decimal(str(VIEWS))
    reached = reads * missed + views
    total, sent = _fixed(), Decimal(0)
    for name, units, price, _ in rows("For 100,000 requests")[:-1]:
        each = number(units) / _TABLE_FOR * requests
        if name.startswith(_TRANSFER):
            sent = each
            total += 0 if setup.has_cdn else each * number(price)
        elif name.startswith(_TRACES):
            total += _traced(requests * reached) * number(price)
        elif name.startswith(_READ_UNIT):
            total += each * missed * number(price)
        elif name.startswith(_VIEW_UNITS):
            total += each * number(price) + requests * views * _further_reads(setup)
        else:
            total += each * reached * number(price)
    if setup.has_cdn:
        total += requests * _CDN_REQUEST + sent * _CDN_GB
    return total


def _fixed() -> Decimal:
    return number(rows("Fixed costs")[-1][2])


def _traced(requests: Decimal) -> Decimal:
    """Return the number of traces: the first of each second, and 5 % of the others."""
    first = min(requests, Decimal(_MONTH))
    return first + (requests - first) / 20


def _further_reads(setup: Setup) -> Decimal:
    """Return the costs of a view's reads under further keys: sum and look-up."""
    (price,) = (
        number(row[2]) for row in rows("For 100,000 requests") if row[0].startswith(_READ_UNIT)
    )
    keys = setup.shards // 64
    # The price is that of an eventual read of one unit; consistent reads take whole units.
    return price * (keys - 1 + (2 if keys > 1 else 0))
