"""Second factors, sessions that end one by one, one-time links, single sign-on."""

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)


def up(migrator: Any, db: Any) -> None:
    class Frozen(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Frozen):
        id = AutoField()

        class Meta:
            table_name = "user"

    class Passkey(Frozen):
        id = AutoField()
        user = ForeignKeyField(User, on_delete="CASCADE")
        credential_id = BlobField(unique=True)
        public_key = BlobField()
        name = TextField()
        sign_count = BigIntegerField(default=0)
        transports = JSONField(null=True)
        backup_state = BooleanField(default=False)
        device_type = TextField(default="")
        extensions = TextField(null=True)
        lastuse_datetime = DateTimeField()
        usage = TextField()

        class Meta:
            table_name = "passkey"

    class WebSession(Frozen):
        id = AutoField()
        user = ForeignKeyField(User, on_delete="CASCADE")
        token_sha256 = TextField(unique=True)
        began_at = BigIntegerField()
        seen_at = BigIntegerField(index=True)
        address = TextField()
        browser = TextField()

        class Meta:
            table_name = "web_session"

    class OneTimeLink(Frozen):
        id = AutoField()
        user = ForeignKeyField(User, on_delete="CASCADE")
        purpose = TextField()
        code_sha256 = TextField(unique=True)
        created_at = BigIntegerField()
        expires_at = BigIntegerField()
        used_at = BigIntegerField(null=True)
        actor = TextField()

        class Meta:
            table_name = "one_time_link"

    db.create_tables([Passkey, WebSession, OneTimeLink])
    columns = {
        "version": IntegerField(default=1),
        "last_sign_in": BigIntegerField(null=True),
        "failed_sign_ins": IntegerField(default=0),
        "second_factor_due": BigIntegerField(null=True),
        "oidc_subject": TextField(null=True),
        "tf_primary_method": TextField(null=True),
        "tf_totp_secret": TextField(null=True),
        "tf_last_counter": BigIntegerField(null=True),
        "mf_recovery_codes": JSONField(null=True),
        "fs_webauthn_user_handle": TextField(null=True),
    }
    migrator.migrate(*(migrator.add_column("user", name, one) for name, one in columns.items()))
    for name in ("oidc_subject", "fs_webauthn_user_handle"):
        migrator.migrate(migrator.add_index("user", (name,), True))
