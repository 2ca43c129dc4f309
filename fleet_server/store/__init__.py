"""The server's database: tables, migrations and every query."""
