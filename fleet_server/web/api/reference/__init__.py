"""The REST interface for people: its page, made from the document, and a page for each problem."""
