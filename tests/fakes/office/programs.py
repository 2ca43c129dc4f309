"""Programs that the office lets in, and those that it tells."""

from fleet_server.store import api_keys, outbox, webhooks
from fleet_server.store.models import WebhookDelivery
from fleet_server.store.webhooks import Wish
from tests.fakes.office.moment import DAY_MS, HOUR_MS


def add(now: int) -> None:
    """Add API keys as they can stand, and webhooks, one with events in every state."""
    for name, scopes, unit, ends in (
        ("Hệ thống xếp hàng", {"tickets:write", "units:read"}, None, None),
        ("Giám sát", {"metrics:read"}, None, now + 400 * DAY_MS),
        ("Báo cáo quận", {"figures:read"}, "UBND-Q3", now + 9 * DAY_MS),
    ):
        api_keys.add(api_keys.NewKey(name, scopes, unit, ends, "command:root"), now - DAY_MS)
    api_keys.add(api_keys.NewKey("Thử", {"tickets:write"}), now - 2 * DAY_MS)
    api_keys.revoke("Thử", now - DAY_MS)
    wish = Wish("https://queue.example/hailong", ("matter.opened",), None, True, "Xếp hàng")
    hook, _secret = webhooks.add(wish, now - DAY_MS, "command:root")
    for state in ("waiting", "delivered", "dead"):
        event = outbox.send("ping", {"webhook": hook}, [hook], now - HOUR_MS)
        WebhookDelivery.update(
            state=state, attempts=1, tried_at=now - HOUR_MS,
            status=204 if state == "delivered" else None,
            error=None if state == "delivered" else "connection refused",
        ).where(WebhookDelivery.event == event).execute()  # fmt: skip
    paused = Wish("https://other.example/", ("terminal.state_changed",), None, False, "")
    webhooks.add(paused, now - DAY_MS, "command:root")
    left_behind(now - DAY_MS)


def left_behind(at: int) -> None:
    """Add what somebody made who is not here any more: a key and a webhook."""
    who = "person:da-nghi@hailong.example"
    api_keys.add(api_keys.NewKey("Màn hình cũ", {"figures:read"}, None, None, who), at)
    wish = Wish("https://left.example/", ("matter.opened",), None, True, "")
    webhooks.add(wish, at, who)
