"""Tests of memory cards."""
