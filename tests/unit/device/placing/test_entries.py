"""What the screen says beside a wrong entry: for every entry that a file may have."""

from dataclasses import fields

from device.core.view import Note
from device.placing.entries import ENTRIES, UNKNOWN
from device.placing.shown import unplaced
from device.placing.trouble import SiteError
from wire.enrolment import SHAPE, Network, Panel, Wifi


def said(field: str) -> list[str]:
    return [note.text for note in unplaced(SiteError("x", "field", field)).notes]


def test_every_entry_has_its_words() -> None:
    tables = {"panel": Panel, "wifi": Wifi, "network": Network}
    inside = {f"{name}.{key.name}" for name, table in tables.items() for key in fields(table)}
    assert set(ENTRIES) == (SHAPE.fields.keys() - tables.keys()) | inside


def test_a_wrong_entry_comes_with_what_it_may_be() -> None:
    assert said("timezone") == ["Entry", "A time zone as Asia/Ho_Chi_Minh"]
    assert said("mqqt_port") == ["Entry", UNKNOWN]
    assert said("panel") == ["Entry"], "two of its entries do not go together"


def test_a_wrong_setting_of_the_terminals_own_file_is_named_alone() -> None:
    assert unplaced(SiteError("x", "settings", "screen.width_px")).notes == (
        Note("Entry", "screen.width_px", "bad"),
    )
