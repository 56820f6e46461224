"""What every page looks like: one shell, one style sheet, one script for tables, drawings on plain data."""
