"""Telling others: events to webhooks."""
