"""Tickets and dossiers from a USB barcode or QR scanner."""
