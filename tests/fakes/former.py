"""A small office's rows as the tables of earlier versions held them.

Each table of each version has some; a version's own are under the step that made their table or
column. They are written by plain SQL: the models are those of today.
"""

import json
from datetime import datetime
from typing import Any

from playhouse.migrations import Runner

from fleet_server.store import database

Row = dict[str, Any]

_DAY = 86_400_000
_NOW = 1_795_300_000_000
_GIVEN = (
    "shown_very", "shown_fair", "shown_poor", "coming_very", "coming_fair", "coming_poor",
)  # fmt: skip
_ALWAYS = {"since_day": "0001-01-01", "until_day": "9999-12-31"}

FIRST: dict[str, list[Row]] = {
    "unit": [
        {"id": 1, "code": "UBND-P1", "name": "UBND phường Bến Nghé"},
        {"id": 2, "code": "UBND-Q3", "name": "Trung tâm hành chính công Quận 3"},
    ],
    "counter": [
        {"id": 1, "code": "P1-01", "name": "Quầy 1 – Hộ tịch", "unit_id": 1},
        {"id": 2, "code": "Q3-01", "name": "Quầy 1 – Đăng ký kinh doanh", "unit_id": 2},
    ],
    "terminal": [
        {"id": "t-1", "counter_id": 1, "added_at": _NOW - 9 * _DAY, "note": ""},
        {"id": "t-2", "counter_id": None, "added_at": _NOW, "retired_at": _NOW, "note": "rơi vỡ"},
    ],
    "terminal_key": [
        {
            "kid": "k-1", "terminal_id": "t-1", "x": "x", "certificate_pem": "PEM", "serial": "12",
            "not_after": _NOW + 300 * _DAY, "enrolled_at": _NOW - 9 * _DAY,
        },
        {
            "kid": "k-2", "terminal_id": "t-2", "x": "y", "certificate_pem": "PEM", "serial": "13",
            "not_after": _NOW + 300 * _DAY, "enrolled_at": _NOW - 9 * _DAY, "revoked_at": _NOW,
        },
    ],
    "enrolment_token": [
        {
            "id": 1, "terminal_id": "t-1", "token_sha256": "ab" * 32, "expires_at": _NOW,
            "bound_kid": "k-1", "issued_count": 1, "closed_at": _NOW - 8 * _DAY,
        }
    ],
    "chain": [
        {
            "id": 1, "terminal_id": "t-1", "chain_id": "c" * 32, "kid": "k-1", "head_seq": 3,
            "head_hash": "h3", "opened_at": _NOW - 9 * _DAY, "start_reason": "first",
            "start_seq": 1, "branches": 0, "flaws": 1, "receipted_at": _NOW,
        }
    ],
    "record": [
        {
            "id": seq, "chain_id": 1, "seq": seq, "branch": 0, "hash": f"h{seq}", "type": kind,
            "jws": b"\x00raw\xff%d" % seq, "received_at": _NOW, "checked": checked,
            "quarantined": why, "disputed": False,
        }
        for seq, kind, checked, why in (
            (1, "start", 1, None), (2, "rating", 0, None), (3, "", -1, "the signature is wrong"),
        )
    ],
    "quarantine": [
        {
            "id": 1, "terminal": "t-9", "chain_id": None, "seq": None, "bytes": b"\x00\xfe",
            "reason": "not enrolled", "received_at": _NOW,
        }
    ],
    "boot": [
        {
            "id": 1, "terminal_id": "t-1", "boot_id": "b" * 32, "chain_id": 1, "branch": 0,
            "first_up": 5, "last_up": 90_000, "latest_offset": _NOW - 90_000,
            "clock_offset": _NOW - 90_000, "exact_offset": None, "clock_record": 1,
            "offset_ms": _NOW - 90_000, "quality": "derived",
        }
    ],
    "visit": [
        {
            "id": "v-1", "counter_id": 1, "ticket": "A017", "ticket_norm": "A17",
            "day": "2026-11-22", "service": None, "first_at": _NOW, "called_at": _NOW,
            "served_at": _NOW + 60_000, "ended": "closed", "by_rest": True, "by_terminal": False,
            "disagreement": "only_rest",
        }
    ],
    "ticket_event": [
        {
            "id": 1, "visit_id": "v-1", "counter_id": 1, "event": "called", "at": _NOW,
            "source": "rest", "idempotency": "rest:1:v=v-1:called:2026-11-22:",
            "at_quality": "exact", "day": "2026-11-22",
        }
    ],
    "visit_alias": [{"counter_id": 1, "alias": "v-other", "visit_id": "v-1"}],
    "parked_record": [{"record_id": 2, "counter_code": "NOWHERE"}],
    "dossier": [{"visit_id": "v-1", "dossier": "H29.17-261122-0001"}],
    "rating": [
        {
            "record_id": 2, "terminal_id": "t-1", "counter_id": 1, "visit": "v-1",
            "choice": "very_satisfied", "at": _NOW, "at_quality": "derived", "standing": True,
            "contested": False, "disputed": False, "unbound": False, "replaced_by": None,
            "replaces": None, "flagged": False, "boot_id": 1, "up": 80_000,
        }
    ],
    "hourly": [
        {
            "counter_id": 1, "hour": _NOW // 3_600_000 * 3_600_000, "day": "2026-11-22",
            "served": 1, "rated": 1, "very_satisfied": 1, "satisfied": 0, "unsatisfied": 0,
            "unbound": 0, "contested": 0, "disputed": 0, "estimated": 0,
        }
    ],
    "matter": [
        {
            "id": 1, "kind": "poison", "subject": "t-1:c", "terminal": "t-1", "chain_id": "c" * 32,
            "seq": 3, "opened_at": _NOW, "details": {"count": 1, "positions": [3]},
        },
        {
            "id": 2, "kind": "fork", "subject": "t-1:c", "opened_at": _NOW, "details": {},
            "closed_at": _NOW, "closed_by": "admin@hailong.example",
        },
    ],
    "terminal_status": [
        {
            "terminal_id": "t-1", "state": "ready", "state_at": _NOW, "boot": "b" * 32,
            "connection": 4, "last_seen": _NOW, "waiting": 0, "clock": "synced",
            "firmware": "0.1.0", "health": {"terminal": {"config_version": 3}}, "nonce": "n",
            "n_highest": 12, "n_issued": 13, "repeated": 2, "gaps": 1, "refused": 0,
        }
    ],
    "downlink": [
        {
            "id": 1, "topic": "hailong/1/t-1/config", "kind": "config", "dev": "t-1",
            "body": {"version": 3, "settings": {"look": {"languages": ["vi"]}}}, "changed": 1,
            "signed": 1, "published": 1, "n": 13, "token": "JWS", "acked": 13,
            "answer": {"applied": True},
        },
        {
            "id": 2, "topic": "hailong/1/t-1/command", "kind": "command", "dev": "t-1",
            "body": {"name": "restart", "arguments": {}, "ttl_s": 60}, "changed": 1, "signed": 0,
            "published": 0, "n": 0,
        },
    ],
    "change": [{"id": 7, "subject": "counter:P1-01"}],
    "tally": [{"name": "records", "value": 3}],
    "api_key": [{"id": 1, "name": "queue", "key_sha256": "cd" * 32, "created_at": _NOW}],
    "idempotency_key": [
        {
            "id": 1, "api_key_id": 1, "key_sha256": "ef" * 32, "request_sha256": "01" * 32,
            "visit": "v-1", "created_at": _NOW,
        }
    ],
    "role": [{"id": 1, "name": "admin", "description": "", "permissions": None}],
    "user": [
        {
            "id": 1, "email": "lan@hailong.example", "name": "Lan", "password": "$argon2id$",
            "active": True, "fs_uniquifier": "u-1", "language": "vi", "created_at": _NOW,
        }
    ],
    "user_role": [{"id": 1, "user_id": 1, "role_id": 1}],
}  # fmt: skip
"""What an office of the first version held."""

SINCE: dict[str, dict[str, list[Row]]] = {
    "0001_initial": FIRST,
    "0002_commands": {
        "command": [
            {
                "id": 1, "dev": "t-1", "name": "identify", "arguments": {"seconds": 5},
                "ttl_s": 60, "wished_at": _NOW, "n": 14, "token": "JWS", "published_at": _NOW,
                "answered_at": _NOW, "outcome": "done", "details": None,
            }
        ]
    },
    "0003_tree": {
        "unit": [
            {**row, "kind": "unit", "version": 1, "parent_id": None} for row in FIRST["unit"]
        ],
        "counter": [{**row, "version": 1} for row in FIRST["counter"]],
        "terminal": [{**row, "version": 1, "unit_id": None} for row in FIRST["terminal"]],
        "role": [{**row, "name": "administrator"} for row in FIRST["role"]],
        "unit_place": [
            {"id": 1, "unit_id": 1, "parent_id": None, **_ALWAYS}
        ],
        "unit_branch": [
            {"id": 1, "ancestor_id": 1, "unit_id": 1, **_ALWAYS}
        ],
        "counter_place": [
            {"id": 1, "counter_id": 1, "unit_id": 1, **_ALWAYS}
        ],
        "terminal_place": [
            {"id": 1, "terminal_id": "t-1", "counter_id": 1, "since": _NOW, "actor": "person:lan"}
        ],
        "audit_entry": [
            {
                "id": 1, "at": _NOW, "actor": "person:lan", "action": "unit.add",
                "subject": "unit:UBND-P1", "details": "{}", "previous": "", "hash": "h",
            }
        ],
    },
    "0005_rest": {
        "api_key": [
            {
                "id": 1, "name": "queue", "key_sha256": "cd" * 32, "created_at": _NOW,
                "scopes": "tickets:write", "unit_id": 1, "expires_at": _NOW + _DAY,
                "created_by": "command:root",
            }
        ],
        "idempotency_key": [
            {
                "id": 1, "api_key_id": 1, "key_sha256": "ef" * 32, "request_sha256": "01" * 32,
                "status": 200, "body": '{"visit": "v-1"}', "location": None, "created_at": _NOW,
            }
        ],
        "rating_change": [{"record": 2, "number": 1, "counter_id": 1}],
        "webhook": [
            {
                "id": 1, "url": "https://queue.example/x", "note": "", "events": "matter.opened",
                "unit_id": 1, "secret": "whsec_eA==", "active": True, "created_at": _NOW,
                "created_by": "key:queue", "version": 1,
            }
        ],
        "webhook_event": [
            {
                "id": "evt_1", "type": "ping", "at": _NOW, "natural_key": None,
                "body": '{"type": "ping"}',
            }
        ],
        "webhook_delivery": [
            {
                "id": 1, "webhook_id": 1, "event_id": "evt_1", "state": "waiting", "since": _NOW,
                "attempts": 0, "next_at": _NOW,
            }
        ],
    },
    "0006_people": {
        "user": [
            {
                **row, "version": 2, "last_sign_in": _NOW, "failed_sign_ins": 1,
                "second_factor_due": _NOW, "oidc_subject": "https://login.example 42",
                "tf_primary_method": "authenticator", "tf_totp_secret": "{}",
                "tf_last_counter": 59_843_333, "fs_webauthn_user_handle": "h-1",
            }
            for row in FIRST["user"]
        ],
        "passkey": [
            {
                "id": 1, "user_id": 1, "credential_id": b"\x00id\xff", "public_key": b"\x01key",
                "name": "Blue", "sign_count": 3, "backup_state": False, "device_type": "single",
                "extensions": None, "lastuse_datetime": "2026-11-22 08:00:00", "usage": "first",
            }
        ],
        "web_session": [
            {
                "id": 1, "user_id": 1, "token_sha256": "ab" * 32, "began_at": _NOW,
                "seen_at": _NOW, "address": "10.0.0.1", "browser": "Firefox, Windows",
            }
        ],
        "one_time_link": [
            {
                "id": 1, "user_id": 1, "purpose": "reset", "code_sha256": "cd" * 32,
                "created_at": _NOW, "expires_at": _NOW + _DAY, "used_at": None,
                "actor": "command:root",
            }
        ],
    },
    "0007_closing": {
        "import_draft": [
            {
                "id": 1, "token": "draft", "actor": "person:lan", "name": "quay.csv",
                "sha256": "ab" * 32, "content": b"\xef\xbb\xbfcode\n", "expires_at": _NOW + _DAY,
            }
        ],
    },
    "0008_health": {
        "button_silence": [
            {"counter_id": 1, "choice": "satisfied", "served": 9, "most": 12, "since": _NOW}
        ],
        "deaf_span": [{"id": 1, "since": _NOW - _DAY, "until": _NOW}],
        "opening_plan": [{"id": 1, "unit_id": 1, "counter_id": None, "version": 1}],
        "opening_week": [{"id": 1, "plan_id": 1, "since_day": "2026-11-01", "week": None}],
        "special_day": [
            {"id": 1, "plan_id": 1, "day": "2027-01-01", "name": "Tết Dương lịch", "spans": "[]"}
        ],
        "terminal_day": [
            {"terminal_id": "t-1", "day": "2026-11-22", "waiting": 3, "waited_ms": 60_000}
        ],
        "terminal_event": [
            {"id": 1, "terminal_id": "t-1", "at": _NOW, "kind": "boot", "details": {"n": 1}}
        ],
        "terminal_span": [
            {"id": 1, "terminal_id": "t-1", "kind": "online", "since": _NOW, "until": None}
        ],
    },
    "0011_parked": {
        "parked_record": [{"record_id": 2, "counter_code": "NOWHERE", "terminal": "t-1"}],
    },
    "0012_take_up": {
        "parked_record": [
            {"record_id": 2, "counter_code": "NOWHERE", "terminal": "t-1", "again_at": 0}
        ],
    },
    "0013_running_day": {
        "running_day": [
            {"counter_id": 1, "day": "2026-11-22", "service": ""} | dict.fromkeys(_GIVEN, 5)
        ],
    },
    "0014_updates": {
        "update_bundle": [
            {
                "sha256": "ab" * 32, "version": "1.1.0", "size": 163_000_000, "added_at": _NOW,
                "added_by": "command:root", "removed_at": None,
            }
        ],
        "rollout": [
            {
                "id": 1, "bundle_id": "ab" * 32, "unit_id": 1, "state": "done", "ring": 2,
                "rings": 2, "automatic": True, "soak_ms": _DAY, "ring_at": _NOW, "begun_at": _NOW,
                "begun_by": "person:lan", "ended_at": _NOW, "reason": {},
            }
        ],
        "rollout_terminal": [
            {
                "rollout_id": 1, "terminal_id": "t-1", "ring": 1, "state": "confirmed",
                "stage": "confirmed", "reason": "", "command": 1, "asked_at": _NOW,
                "changed_at": _NOW, "was_ill": False,
            }
        ],
    },
    "0015_cases": {
        "case_file": [
            {
                "id": 1, "key": "rating:c/3", "grain": "rating", "counter_id": 1,
                "day": "2026-11-22", "confined": False, "unit_id": 1, "state": "open",
                "opened_at": _NOW, "due": _NOW + 7 * _DAY, "assignee": None, "late": False,
                "level": 0, "citizens_side": None,
            }
        ],
        "case_event": [
            {
                "id": 1, "case_id": 1, "seq": 0, "at": _NOW, "who": None, "step": "open",
                "body": {
                    "due": _NOW + 7 * _DAY,
                    "subject": {
                        "grain": "rating", "unit": 1, "counter": 1, "day": "2026-11-22",
                        "rating": "c/3", "items": [], "confined": False,
                    },
                },
            }
        ],
        "case_attachment": [{"id": 1, "case_id": 1, "digest": "ab" * 32, "data": b"%PDF-1.7"}],
        "case_terms": [
            {"id": 1, "unit_id": 1, "grain": None, "terms": None, "set_at": _NOW, "set_by": "lan"}
        ],
        "complaint": [{"record_id": 1, "counter_id": 1, "at": _NOW, "items": "parking lift"}],
        "rating_reason": [
            {"record_id": 2, "chain": "c" * 32, "rating": 1, "items": "waiting_time"}
        ],
    },
    "0017_signals": {
        "counter_tally": [
            {
                "counter_id": 1, "day": "2026-11-22",
                "tallies": {"end_burst": [1, 2, [_NOW]], "too_good": [40, 40, []]},
            }
        ],
        "tally_due": [{"counter_id": 1, "day": "2026-11-23"}],
        "signal": [
            {
                "id": 1, "counter_id": 1, "unit_id": 1, "rule": "end_burst", "opened_at": _NOW,
                "severity": "strong", "since": "2026-11-16", "until": "2026-11-22", "hits": 9,
                "of": 12, "honest": 0.02, "chance": 1e-13, "moments": [_NOW],
                "last_day": "2026-11-22", "verdict": "upheld",
            }
        ],
        "signal_ruling": [
            {
                "id": 1, "signal_id": 1, "verdict": "upheld", "by": "person:lan", "at": _NOW,
                "why": "Đã xem lại camera",
            }
        ],
    },
    "0018_interviews": {
        "contact": [
            {
                "visit_id": "v-1", "citizen": None, "sealed": None, "taken": "2026-11-22",
                "days": 60, "purpose": "interview", "consent_at": _NOW, "taken_by": "key:queue",
                "withdrawn": "2026-11-23", "interviewed": None, "until": "2026-11-22",
                "ended": "withdrawn",
            }
        ],
        "contact_look": [
            {
                "id": 1, "at": _NOW, "actor": "person:lan@hailong.example", "visit": "v-1",
                "purpose": "interview", "why": "interview 1", "refused": None,
            }
        ],
        "weekly_draw": [
            {
                "id": 1, "week": "2026-W48", "day": "2026-11-23", "first_day": "2026-10-26",
                "last_day": "2026-11-22", "wanted": 7, "witness": "", "listed": "U\tab\n",
                "hash": "cd" * 32, "tickets": 1, "left_out": {"no_contact": 3}, "sealed_at": _NOW,
                "due": "2026-11-30", "state": "drawn", "heads": "t-1/c\tef\n", "witnessed": "",
                "seed": "01" * 32, "drawn_at": _NOW,
            }
        ],
        "draw_line": [
            {
                "id": 1, "draw_id": 1, "name": "ab", "listed": "U", "visit": "v-1",
                "counter_id": 1, "unit_id": 1, "citizen": "aa" * 32, "replaces_id": None,
                "interviewer": None, "at": _NOW,
            }
        ],
        "sheet_try": [{"id": 1, "line_id": 1, "day": "2026-11-23", "at": _NOW, "who": 1}],
        "interview_sheet": [
            {
                "id": 1, "line_id": 1, "day": "2026-11-24", "outcome": "done",
                "answers": {"attitude": "satisfied"}, "at": _NOW, "who": 1,
            }
        ],
    },
    "0019_channels": {
        "public_unit": [{"unit_id": 1, "since": _NOW, "set_by": "person:lan"}],
        "unsigned_rating": [
            {
                "id": 1, "way": "paper", "choice": "satisfied", "at": _NOW, "taken": "2026-11-22",
                "day": "2026-11-20", "unit_id": 1, "counter_id": 1, "ticket": "A17", "visit": None,
                "entered_by": "person:lan", "stood": True, "file": "ab" * 32,
            }
        ],
    },
    "0027_report_tries": {
        "kept_report": [{"id": 1, "tries": 1, "tried_at": _NOW}],
    },
    "0025_withdrawals": {
        "unsigned_withdrawal": [
            {"rating_id": 1, "at": _NOW, "by": "person:lan", "reason": "Nhập nhầm đơn vị"}
        ],
    },
    "0026_late_words": {
        "ticket_event": [
            {"id": 1, "late": False},
            {
                "id": 2, "visit_id": "v-1", "counter_id": 1, "event": "closed", "at": _NOW,
                "source": "rest", "idempotency": "rest:1:v=v-1:closed:2026-11-22:",
                "at_quality": "exact", "day": "2026-11-22", "late": True,
            },
        ],
    },
    "0020_reports": {
        "report_template": [
            {
                "id": 1, "name": "mau.docx", "digest": "ab" * 32, "data": b"PK", "set_at": _NOW,
                "set_by": "person:lan",
            }
        ],
        "score_scale": [
            {
                "id": 1, "since_day": "2027-01-01", "set_at": _NOW, "set_by": "person:lan",
                "body": {
                    "indexes": [{"key": "total_time", "words": {"vi": "Thời gian"}}],
                    "classes": [{"key": "weak", "least": 0}], "weight": 18, "least": 5,
                },
            }
        ],
        "score_entry": [
            {
                "id": 1, "unit_id": 1, "period": "2026-Q4", "key": "total_time", "two": 12,
                "one": 3, "none": 1, "reason": "Sổ theo dõi", "entered_at": _NOW,
                "entered_by": "person:lan",
            }
        ],
        "kept_report": [
            {
                "id": 1, "unit_id": 1, "period": "2026-10", "formats": "csv", "language": "vi",
                "state": "ready", "done": 2, "steps": 2, "ordered_at": _NOW,
                "ordered_by": "person:lan", "made_at": _NOW, "digest": "ab" * 32,
            }
        ],
        "report_schedule": [
            {
                "id": 1, "unit_id": 1, "every": "month", "day": 5, "formats": "csv",
                "language": "vi", "told_until": "2026-10-31", "set_at": _NOW,
                "set_by": "person:lan", "ended_at": None,
            }
        ],
        "kept_file": [
            {"id": 1, "report_id": 1, "format": "csv", "digest": "cd" * 32, "data": b"x"}
        ],
    },
    "0021_report_readers": {
        "report_reader": [{"id": 1, "schedule_id": 1, "person": 1}],
        "kept_report": [{"id": 1, "schedule": 1}],
    },
    "0016_alarms": {
        "alarm": [
            {
                "id": 1, "kind": "tampering", "subject": "1", "unit_id": 1, "raised_at": _NOW,
                "heard_at": _NOW, "stages": 1, "details": {"matter": "1", "kind": "fork"},
                "acknowledged_at": _NOW, "acknowledged_by": "lan@hailong.example",
                "ended_at": _NOW,
            }
        ],
        "alarm_rule": [
            {
                "id": 1, "unit_id": 1, "kind": "terminal_lost", "says": "off", "rule": None,
                "set_at": _NOW, "set_by": "person:lan",
            }
        ],
        "letter": [
            {
                "id": 1, "key": "tampering:1@1/raised/0/1", "person": 1, "room": None,
                "kind": "tampering", "what": "raised", "details": {"matter": "1", "kind": "fork"},
                "path": "/alarms/1", "made_at": _NOW, "state": "sent", "since": _NOW, "attempts": 1,
                "next_at": _NOW,
                "tried_at": _NOW, "reply": 250, "trouble": None, "error": None,
            }
        ],
        "chat_room": [{"name": "Tổ kỹ thuật", "unit_id": 1, "service": "mattermost"}],
        "running_block": [
            {
                "counter_id": 1, "day": "2026-11-22", "service": "", "at": _NOW, "very": 4,
                "fair": 1, "poor": 0,
            }
        ],
    },
    "0010_walls": {
        "wall_link": [
            {
                "id": 1, "name": "Sảnh", "token_sha256": "ef" * 32, "unit_id": 1,
                "created_at": _NOW, "created_by": "person:lan", "expires_at": _NOW + _DAY,
                "ended_at": None,
            }
        ],
    },
}  # fmt: skip
"""What each step's own tables held, by the step's name; also rows whose newer columns it filled."""

NUMBERED_BY_HAND = ("audit_entry",)


def filled(url: str, version: str) -> None:
    """Make a database as that version left it, with rows in every table. It stays open."""
    opened = database.engine(url)
    database.bind(opened)
    for step in database.known_steps():
        if step <= version:
            Runner(opened, str(database.MIGRATIONS)).up(step)
            for table, rows in SINCE.get(step, {}).items():
                _fill(opened, table, rows)


def _fill(opened: Any, table: str, rows: list[Row]) -> None:
    """Put rows in, or give those that are there their newer columns."""
    for row in rows:
        if not _update(opened, table, row):
            _insert(opened, table, row)
    if isinstance(rows[0].get("id"), int) and table not in NUMBERED_BY_HAND:
        opened.go_on_numbering(table)


def _update(opened: Any, table: str, row: Row) -> bool:
    (key, number), *others = row.items()
    values = [json.dumps(v) if isinstance(v, dict | list) else v for _, v in others]
    columns = ", ".join(f"{_quoted(name)} = {opened.param}" for name, _ in others)
    if not others:
        return False
    text = f"UPDATE {_quoted(table)} SET {columns} WHERE {_quoted(key)} = {opened.param}"
    return bool(opened.execute_sql(text, [*values, number]).rowcount)


def held(table: str) -> list[Row]:
    """Return all rows of a table of the open database, in a fixed order, as plain values."""
    opened = database.proxy.obj
    names = [column.name for column in opened.get_columns(table)]
    cursor = opened.execute_sql(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table)}")
    rows = [{n: _plain(v) for n, v in zip(names, row, strict=True)} for row in cursor.fetchall()]
    return sorted(rows, key=repr)


def _insert(opened: Any, table: str, row: Row) -> None:
    values = [json.dumps(v) if isinstance(v, dict | list) else v for v in row.values()]
    marks = ", ".join([opened.param] * len(values))
    columns = ", ".join(map(_quoted, row))
    opened.execute_sql(f"INSERT INTO {_quoted(table)} ({columns}) VALUES ({marks})", values)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.loads(value)
    if isinstance(value, datetime):
        return str(value)
    return bytes(value) if isinstance(value, memoryview) else value
