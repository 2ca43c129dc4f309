"""Ratings that no terminal signed: closing their days, and lists of them."""
