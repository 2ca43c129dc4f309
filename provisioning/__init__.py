"""Certificates, broker configuration and enrolment files."""
