"""The blueprint of the tree's pages; `views` and the files of forms beside it fill it."""

from flask import Blueprint

blueprint = Blueprint("tree", __name__, template_folder=".", url_prefix="/tree")
