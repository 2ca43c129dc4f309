"""Lists from and for a spreadsheet: CSV and XLSX."""
