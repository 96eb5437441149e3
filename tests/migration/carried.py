"""Checks of a migrated stage: its API serves what the old table had."""

from typing import Any, Final

from portfolio.migration.repairs import read_time
from src.models.content import Status
from src.models.times import format_seconds
from tests.migration.conftest import Migration
from tests.migration.old_items import OldTableContent

PATHS: Final = {"blog": "/blogs", "project": "/projects", "certification": "/certifications"}


def check_report(report: dict[str, Any], content: OldTableContent) -> None:
    """Check that each old item has one outcome, and each quirk its line."""
    kinds = report["kinds"]
    assert sum(kind["read"] for kind in kinds.values()) == len(content.items)
    for kind in kinds.values():
        outcomes = ("written", "unchanged", "skipped", "left")
        assert kind["read"] == sum(kind[outcome] for outcome in outcomes)
    assert report["problems"] == []
    repaired = {each["id"]: "; ".join(each["repairs"]) for each in report["repaired"]}
    skipped = {each["id"]: each["reason"] for each in report["skipped"]}
    for item_id, quirk in content.quirks.items():
        assert bool(quirk.repaired) == (item_id in repaired), (quirk, repaired.get(item_id))
        assert (quirk.repaired or "") in (reason := repaired.get(item_id, "")), reason
        assert bool(quirk.skipped) == (item_id in skipped), (quirk, skipped.get(item_id))
        assert (quirk.skipped or "") in (reason := skipped.get(item_id, "")), reason
    for pairs in report["verification"].values():
        assert all(pair["old"] == pair["new"] for pair in pairs)


def check_api(migration: Migration, content: OldTableContent) -> None:
    """Check that the API serves the content, its views and the visits."""
    old = {item["PK"]["S"].rpartition("#")[2]: item for item in content.items if "Status" in item}
    for content_type, path in PATHS.items():
        ids = content.views[content_type].keys()
        carried = {each for each in ids if not content.quirks[each].skipped}
        page = migration.get(f"{path}?status=all", as_owner=True)
        assert {item["id"] for item in page["items"]} == carried
        published = migration.get(path)
        assert published["total"] == sum(item["status"] == "PUBLISHED" for item in page["items"])
        for item in page["items"]:
            _check_item(item, old[item["id"]], plain=not content.quirks[item["id"]].repaired)
            # The others are in their lists too.
            if "slug" in item and content.quirks[item["id"]].repaired:
                assert migration.get(f"{path}/slug/{item['slug']}", as_owner=True) == item
        views = migration.get(f"/analytics/views/{content_type}", as_owner=True)["stats"]
        assert views == {each: content.views[content_type][each] for each in carried}
    visits = migration.get("/visitors/count")
    assert visits == {"total_visitors": content.total, "last_updated": "2026-01-02T08:00:00Z"}


def _check_item(item: dict[str, Any], old: dict[str, Any], *, plain: bool) -> None:
    if not plain:
        return
    assert item["status"] == Status(old["Status"]["S"])
    for name, attribute in old["Data"]["M"].items():
        ((kind, value),) = attribute.items()
        if name in {"createdAt", "updatedAt"} or (name == "publishedAt" and kind == "S"):
            assert item[name] == format_seconds(read_time(value))
        elif kind == "S" and name != "Status":
            assert item[name] == (value or None)
        elif kind == "L":
            assert item[name] == [each["S"] for each in value]
        elif kind == "BOOL":
            assert item[name] is value
