"""The broker's side of ingest: messages in, one transaction, receipts out."""
