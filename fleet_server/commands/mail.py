"""``hailong-fleet mail``: tries the mail server."""

import argparse

from fleet_server.clock import now_ms
from fleet_server.commands import add_config
from fleet_server.errors import FleetError, UsageError
from fleet_server.settings import load


def add_parser(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the arguments."""
    mail = sub.add_parser("mail", help="try the mail server")
    actions = mail.add_subparsers(dest="action", required=True, metavar="ACTION")
    said = "send one mail, and say what became of it"
    test = actions.add_parser("test", help=said, description=said)
    test.add_argument("address", metavar="ADDRESS", help="whom to send it to")
    test.add_argument("--language", default="vi", choices=("vi", "en"), help="default: %(default)s")
    add_config(test)


def run(args: argparse.Namespace) -> int:
    """Send it."""
    from fleet_server.notify import smtp
    from fleet_server.notify.texts import Texts
    from fleet_server.store.letters import Due
    from fleet_server.web.words.letters import MAIL
    from wire.ids import new_id

    settings = load(args.config)
    if settings.mail is None:
        raise UsageError(f"{settings.path}: no mail server is set; please fill in [mail]")
    now = now_ms()
    letter = Due(
        0, f"test:{new_id()}", MAIL, "sent", {}, "/alarms", now, now, 0, None, args.address,
        args.language,
    )  # fmt: skip
    post = smtp.Post(settings, settings.mail)
    try:
        mail = post.mail(letter, Texts(settings, now_ms).of(letter))
        with post.connected() as server:
            reply = smtp.deliver(server, mail)
    except OSError as error:
        reply = smtp.said(error)
    except ValueError as error:
        raise UsageError(f"{args.address!r}: {error}") from None
    if reply.wrong is not None:
        code = "" if reply.code is None else f"{reply.code} "
        raise FleetError(f"{settings.mail.host}: not sent: {code}{reply.error}")
    print(f"{settings.mail.host} has taken it: {mail['Message-ID']}")
    return 0
