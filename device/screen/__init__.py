"""The rating screen: pygame draws it, an SDL window shows it."""
