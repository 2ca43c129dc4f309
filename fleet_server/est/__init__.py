"""Enrolment over Secure Transport (RFC 7030): terminals get their certificates here."""
