"""The blueprint of these pages; `views` and `imports` fill it."""

from flask import Blueprint

blueprint = Blueprint("other", __name__, template_folder=".", url_prefix="/other")
