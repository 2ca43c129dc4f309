"""Pages of ratings that no terminal signed."""
